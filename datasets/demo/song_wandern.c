/* Wilhelm Müller, "Wanderschaft" (1821), first and second stanza, last verse of each sung twice. */
#include "datasets/demo/songs.h"

const silbe_synth_source silbe_demo_wandern = {
    .work = "Silbe_Demo-03",
    .title = "Wanderschaft",
    .poet = "Wilhelm Müller",
    .fifths = 1,
    .key = "G:maj",
    .tempo_qpm = 98.0,
    .transposed = true,
    .voice = "@2/4 r/8 | r/2 | r/2 | r/2 | r/4 r/8 D3/8 |"
             "G3/8 G3 B3 A3 | G3/8 A3 B3 D4 | B3/4 A3/8_ G3 | r/4 r/8 D3/8 |"
             "A3/8 A3 C4 B3 | A3/8 B3 C4 A3 | B3/8 B3 D4/8. C4/16 | B3/8 A3 G3 D4 |"
             "E4/8t D4_ C4_ B3/8_ A3/8 | r/4 r/8 D3/8 | A3/8 F#3_ G3/4 |"
             "r/2 | r/4 r/8 D3/8 |"
             "G3/8 G3 B3 A3 | G3/8 A3 B3 D4 | B3/4 A3/8_ G3 | r/4 r/8 D3/8 |"
             "A3/8 A3 C4 B3 | A3/8 B3 C4 A3 | B3/8 B3 D4/8. C4/16 | B3/8 A3 G3 D4 |"
             "E4/8t D4_ C4_ B3/8_ A3/8 | r/4 r/8 D3/8 | A3/8 F#3_ G3/4! |"
             "r/2 | r/2",
    .right_hand = "@2/4 D5/8 | G5/8 D5 B4 D5 | E5/8t D5 C5 A4/8 F#4 | G4/4 [B3 D4 G4] |"
                  "r/8 [B3 D4] r/4 |"
                  "r/8 [B3 D4] r [B3 D4] | r/8 [B3 D4] [C4 D4]/4 | [B3 D4 G4]/4 r/8 [B3 D4] |"
                  "D5/16 E5 F#5 D5 [A4 C5]/8 r |"
                  "r/8 [A3 C4 F#4] r [A3 C4 F#4] | r/8 [A3 C4 F#4] r [A3 C4 F#4] |"
                  "r/8 [B3 D4 G4] r [B3 D4 G4] | r/8 [C4 F#4] [B3 G4] r |"
                  "[C4 E4 G4]/4 [A3 C4 F#4] | E5/8t D5 C5 B4/8 A4 | [C4 F#4]/4 [B3 D4 G4] |"
                  "G5/8 D5 B4 D5 | [A4 C5]/8 [F#4 C5] [G4 B4] r |"
                  "r/8 [B3 D4] r [B3 D4] | r/8 [B3 D4] [C4 D4]/4 | [B3 D4 G4]/4 r/8 [B3 D4] |"
                  "D5/16 E5 F#5 D5 [A4 C5]/8 r |"
                  "r/8 [A3 C4 F#4] r [A3 C4 F#4] | r/8 [A3 C4 F#4] r [A3 C4 F#4] |"
                  "r/8 [B3 D4 G4] r [B3 D4 G4] | r/8 [C4 F#4] [B3 G4] r |"
                  "[C4 E4 G4]/4 [A3 C4 F#4] | E5/8t D5 C5 B4/8 A4 | [C4 F#4]/4 [B3 D4 G4]! |"
                  "G5/8 D5 B4/8t C5 D5 | [B4 D5 G5]/4 r",
    .left_hand = "@2/4 r/8 | G2/8 [D3 G3 B3] D2 [D3 G3 B3] | C3/8 [E3 A3] D3 [F#3 A3 C4] |"
                 "G2/8 D3 G2/4 | G2/4 r |"
                 "G2/4 D3 | G2/4 D2 | G2/4 G2 | D3/4 D2/8 r | D3/4 A2 | D3/4 D2 | G2/4 B2 |"
                 "D3/4 G2/8 r | C3/4 D3 | D2/4 D3 | D3/4 G2 |"
                 "G2/8 [D3 G3 B3] D2 [D3 G3 B3] | D3/8 D2 G2 r |"
                 "G2/4 D3 | G2/4 D2 | G2/4 G2 | D3/4 D2/8 r | D3/4 A2 | D3/4 D2 | G2/4 B2 |"
                 "D3/4 G2/8 r | C3/4 D3 | D2/4 D3 | D3/4 G2! |"
                 "G2/8 [D3 G3 B3] D2 [D3 G3 B3] | [G1 G2]/4 r",
    .lyrics = "Das Wan-dern ist des Mül-lers Lust,\n"
              "Das Wan-dern!\n"
              "Das muß ein schlech-ter Mül-ler sein,\n"
              "Dem nie-mals fiel das Wan-dern ein,\n"
              "Das Wan-dern,\n"
              "Das Wan-dern.\n"
              "\n"
              "Vom Was-ser ha-ben wir's ge-lernt,\n"
              "Vom Was-ser!\n"
              "Das hat nicht Rast bei Tag und Nacht,\n"
              "Ist stets auf Wan-der-schaft be-dacht,\n"
              "Das Was-ser,\n"
              "Das Was-ser.\n",
};
