/* Heinrich Heine, "Ich weiß nicht, was soll es bedeuten" (1824), first and second stanza. */
#include "datasets/demo/songs.h"

const silbe_synth_source silbe_demo_lorelei = {
    .work = "Silbe_Demo-04",
    .title = "Die Lorelei",
    .poet = "Heinrich Heine",
    .fifths = 0,
    .minor = true,
    .key = "A:min",
    .tempo_qpm = 110.0,
    .transposed = false,
    .voice = "@6/8 r/2. | r/4. r/4 E3/8 |"
             "A3/8 B3 C4 D4 C4 B3 | C4/4. A3/4 E3/8 | A3/4 B3/8 C4/4 A3/8 |"
             "G#3/4.~ G#3/8 r E3 | C4/8 C4 B3 A3/4 G3/8 | F3/8 A3_ C4_ A3/4 A3/8 |"
             "D4/4 C4/8 B3 C4 B3 | A3/4.~ A3/4 r/8 | r/2. | r/4. r/4 E3/8 |"
             "A3/4 B3/8 C4 D4 C4 | E4/4. C4/4 A3/8 | D4/4 C4/8 B3/4 A3/8 | G#3/4. r/4 E3/8 |"
             "C4/8 C4 D4 E4/4 D4/8 | C4/8 B3_ A3_ F3/4 F3/8 | E3/4 F#3/8 G#3/4 B3/8 |"
             "A3/2.~! | A3/4. r/4. | r/2.",
    .right_hand = "@6/8 E4/8 A4 C5 E5 C5 A4 | [D4 G#4 B4]/4. E5/4 r/8 |"
                  "[C4 E4]/4. [G#3 D4] | [A3 C4 E4]/4. [A3 E4] | E4/8 C4 A3 E4 C4 A3 |"
                  "[B3 E4]/4. G#4/8 B4 E5 | [C4 E4]/4. [C4 E4] | F4/8 C4 A3 F4 C4 A3 |"
                  "[D4 F4]/4. [G#3 D4] | C4/8 E4 A4 C5 A4 E4 | g:D5 C5/8 B4 A4 E5/4. |"
                  "[D4 G#4 B4]/4. [D4 G#4]/4 r/8 |"
                  "A3/8 C4 E4 A3 D4 F4 | [C4 E4 A4]/4. [C4 E4] | [D4 F4]/4. [B3 F4] |"
                  "[B3 E4]/4. E4/8 G#4 B4 | [C4 E4]/4. [C4 G4] | [A3 F4]/4. [A3 C4] |"
                  "[A3 C4 E4]/4. [B3 D4 E4] |"
                  "[A3 C4 E4]/2.! | E4/8 A4 C5 E5 C5 A4 | [E4 A4 C5]/2.",
    .left_hand = "@6/8 A2/2. | E2/4. E3/4 r/8 | A2/4. E2 | A2/4. A2/8 B2 C3 | A2/4. A2 |"
                 "E2/4. E3 | A2/4. C3 | F2/2. | D3/4. E2 | A2/2. | [F2 C3]/4. [C3 G3] |"
                 "E2/4. E3/4 r/8 | A2/4. D3 | A2/4. A2/8 G2 F2 | D2/4. D3 | E2/4. E3 |"
                 "A2/4. C3 | F2/4. F3 | E2/4. E3 | [A2 E3]/2.! | A2/2. | [A1 A2]/2.",
    .lyrics = "Ich weiß nicht, was soll es be-deu-ten,\n"
              "Daß ich so trau-rig bin;\n"
              "Ein Mär-chen aus al-ten Zei-ten,\n"
              "Das kommt mir nicht aus dem Sinn.\n"
              "\n"
              "Die Luft ist kühl und es dun-kelt,\n"
              "Und ru-hig fließt der Rhein;\n"
              "Der Gip-fel des Ber-ges fun-kelt\n"
              "Im A-bend-son-nen-schein.\n",
};
