/* Johann Wolfgang von Goethe, "Wandrers Nachtlied" (1780), the last two verses sung twice. */
#include "datasets/demo/songs.h"

const silbe_synth_source silbe_demo_nachtlied = {
    .work = "Silbe_Demo-02",
    .title = "Wandrers Nachtlied",
    .poet = "Johann Wolfgang von Goethe",
    .fifths = 2,
    .key = "D:maj",
    .tempo_qpm = 118.0,
    .transposed = false,
    .voice = "@4/4 r/1 | F#3/4. F#3/8 A3/4 G3 | F#3/4. E3/8 r/4 E3/4 | D3/2 r/4 D3/4 |"
             "A3/4. A3/8 B3/4 A3 | D4/4. C#4/8 B3/2~ |"
             "@3/4 B3/4 A3/4 G3/8 F#3 | E3/2.! |"
             "@4/4 r/2 r/4 r/8 A3/8 | D4/4 C#4/8 B3 A3/4t A3 G3 | F#3/4 G3/8_ A3_ E3/4 r |"
             "A3/4. G3/8 F#3/4 r | B3/4 A3/8_ G3_ F#3/4 r | F#3/4 F#3/8 E3 D3/2~ |"
             "D3/4 r/2. | D4/4. C#4/8 B3/4 r | G3/4 A3/8_ B3_ A3/4 r |"
             "G3/4 F#3/8 E3 D3/2~ | D3/2! r/2",
    .right_hand = "@4/4 [F#4 A4]/4 [F#4 A4] [G4 B4] [A4 C#5] |"
                  "[A3 D4]/4 [A3 D4] [C#4 E4] [C#4 E4] | [A3 D4]/4 [A3 C#4] r [G3 C#4] |"
                  "[F#3 A3 D4]/2 D5/4 C#5 | [F#4 A4 D5]/2 [G4 B4] | [F#4 A4]/2 [D4 G4] |"
                  "@3/4 [D4 G4]/4 [C#4 E4] [D4 F#4] | [A3 C#4 E4]/2.! |"
                  "@4/4 E5/8t F#5 G5 F#5/4 E5 C#5 | [D4 F#4 A4]/2 [C#4 E4 A4] |"
                  "[B3 D4]/2 [C#4 E4]/4 [C#4 G4] | r/4 [F#4 A4] [D4 F#4] [D4 A4] |"
                  "[D4 G4]/2 [D4 F#4]/4 r | [A3 D4]/4 [G3 C#4] [F#3 A3 D4]/2 |"
                  "A4/8 D5 F#5 D5 A4 F#4 A4 D5 | [F#4 A4]/2 [D4 G4 B4]/4 r |"
                  "[B3 D4]/2 [C#4 E4]/4 r | [B3 D4]/4 [A3 C#4] [F#3 A3 D4]/2 |"
                  "[F#4 A4 D5]/1!",
    .left_hand = "@4/4 D2/4 A2 B2 A2 | D2/2 A2 | D2/4 A2 r A2 | D2/2 [D2 D3] | F#2/2 G2 |"
                 "A2/2 G2 | @3/4 G2/4 A2 B2 | [A1 A2]/2.! | @4/4 A2/2 [A2 G3] | D3/2 C#3 |"
                 "B2/2 A2 | D2/1 | G2/2 D2/4 r | A2/4 A1 D2/2 | [D2 A2]/1 | D2/2 G2/4 r |"
                 "E2/2 A2/4 r | G2/4 A2 D2/2 | [D1 D2]/1!",
    .lyrics = "Ü-ber al-len Gip-feln\n"
              "Ist Ruh,\n"
              "In al-len Wip-feln\n"
              "Spü-rest du\n"
              "Kaum ei-nen Hauch;\n"
              "Die Vö-ge-lein schwei-gen im Wal-de.\n"
              "War-te nur, bal-de\n"
              "Ru-hest du auch.\n"
              "War-te nur, bal-de\n"
              "Ru-hest du auch.\n",
};
