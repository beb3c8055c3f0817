/* Joseph von Eichendorff, "Mondnacht" (1837), first stanza, last verse sung twice. */
#include "datasets/demo/songs.h"

const silbe_synth_source silbe_demo_mondnacht = {
    .work = "Silbe_Demo-01",
    .title = "Mondnacht",
    .poet = "Joseph von Eichendorff",
    .fifths = -1,
    .key = "F:maj",
    .tempo_qpm = 98.0,
    .transposed = false,
    .voice = "@3/4 r/4 | r/2. | r/2. | r/2. | r/2 C3/4 |"
             "F3/4. E3/8 F3 G3 | A3/4 Bb3/8_ A3_ G3 C3 |"
             "F3/4. G3/8 A3 Bb3 | C4/2.~ | C4/4 r/4 C4/4 |"
             "D4/4. C4/8 Bb3 A3 | g:C4 Bb3/4_ A3/8_ G3 r F3 |"
             "A3/4. G3/8 F3 E3 | G3/2 r/4 | r/2. | r/2 C4/4 |"
             "D4/4 C4/4 Bb3/8t A3_ G3 | F3/2.~! | F3/4 r/2 | r/2.",
    .right_hand = "@3/4 C4/4 | F4/8 A4 C5 A4 F4 A4 | E4/8 G4 Bb4 G4 E4 G4 |"
                  "F4/8 Bb4 D5 Bb4 F4 D5 | C5/4 [E4 Bb4] r |"
                  "A3/8 C4 F4 C4 A3 C4 | C4/8 F4 C4 F4 Bb3 E4 |"
                  "A3/8 C4 F4 C4 A3 D4 | G3/8 C4 E4 C4 G3 C4 | E4/8 G4 C5 G4 [E4 Bb4]/4 |"
                  "Bb3/8 D4 F4 D4 Bb3 D4 | G3/8 Bb3 D4 Bb3 G3 D4 |"
                  "A3/8 C4 F4 C4 Bb3 C4 | [G3 Bb3 E4]/2 C5/4 |"
                  "A4/8. Bb4/16 C5/4 F5/4 | E5/8t D5 C5 g:C5 Bb4/4 [E4 G4]/4 |"
                  "[D4 F4 Bb4]/2 [C4 E4 Bb4]/4 | [A3 C4 F4]/2.! |"
                  "A4/8 C5 F5 A5 F5 C5 | [A4 C5 F5]/2.",
    .left_hand = "@3/4 r/4 | F2/2. | [C2 C3]/2. | Bb2/2. | C3/4 C2 r |"
                 "F2/2. | A2/2 C3/4 | F2/2 Bb2/4 | [C2 C3]/2.~ | [C2 C3]/2 C2/4 |"
                 "Bb2/2. | G2/2. | C3/2 C2/4 | C2/2 r/4 |"
                 "F2/8 C3 A2 C3 F3 C3 | C3/2 C2/4 | Bb2/2 C3/4 | [F2 C3]/2.! |"
                 "F2/2. | [F1 F2]/2.",
    .lyrics = "Es war, als hätt' der Him-mel\n"
              "Die Er-de still ge-küßt,\n"
              "Daß sie im Blü-ten-schim-mer\n"
              "Von ihm nun träu-men müßt',\n"
              "Von ihm nun träu-men müßt'.\n",
};
