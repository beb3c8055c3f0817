/* German, with the spelling of the 19th century: daß, Thür, seyn, giebt. */
#include "align/language/table.h"

const silbe_language_table silbe_language_german = {
    .code = "de",
    .name = "German",
    .is_read = true,
    .function =
        "und die der ich in das du nicht so es den mein mir ist zu wie ein auf sie mich dem er mit "
        "von dich dein was dir nur wir ihr noch da an im doch sich wenn als aus hat bin bei des "
        "daß dass o nach schon war sein wo um eine hab' am vor nun bist für mehr man auch alle "
        "durch wir's will uns meine meiner meinem meinen deine deiner deinem deinen ihm ihn ihre "
        "einen einem einer hin her über unter zum zur vom wohl immer nie nichts kein keine soll "
        "kann muß muss wird werden wär' wäre sind habe haben hast ward hier dort dann bis hinaus "
        "hinab herab wieder weil aber oder denn ob wer wen wem allein so's 's 'nen 'ne ach ja nein "
        "dies diese dieser diesen jeder jede solch welch seine seinem seinen ihren ihrem euch euer "
        "zwei drei giebt seyn bey sey thut thun wollt' sollt' könnt' möcht' gern selbst ohne gegen",
    .words =
        "herz herzen liebe lieben liebchen nacht nächte tag tage sonne mond sterne stern himmel "
        "erde wald feld wiese blume blumen rose rosen baum bäume lindenbaum wasser bach bächlein "
        "wellen meer see wind wolken schnee eis frost winter sommer frühling mai herbst lied "
        "lieder singen sang gesang klang klingen stimme vogel vögel vöglein nachtigall lerche "
        "traum träume träumen thränen tränen weinen lachen schmerz leid freude lust wonne glück "
        "ruhe ruh still stille stillen schlafen schlaf tod grab leben sterben seele geist gott "
        "mutter vater kind mädchen knabe jüngling müller mühle wandern wandrer fremd fremde heimat "
        "haus tor thor tür thür thal tal berg berge weg wege straße fenster licht dunkel schatten "
        "schwarz weiß rot roth grün blau golden goldne alt jung schön schöne schönste süß süße "
        "hold "
        "heiß kalt leise laut tief hoch weit fern nahe gehen geh' kommen komm' komm stehen stand "
        "sehen sah schaut blick blicken augen auge mund küssen kuß wangen hand hände arm arme "
        "brust "
        "sagen sprach sprechen hören hört lassen laß fühlen denken gedenken wissen weiß finden "
        "fliehen fliegen ziehen rauschen glänzen blühen wachen warten ewig ewigkeit sehnsucht "
        "einsam einsamkeit wunder wunderbar frieden sünde gnade heilig zeit stunde jahre morgen "
        "abend welt menschen freund glocken feuer blut könig reiter jäger fischer schiff",
};
