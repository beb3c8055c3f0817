/* Italian, with that of the opera: cor, amor, ciel, deh. */
#include "align/language/table.h"

const silbe_language_table silbe_language_italian = {
    .code = "it",
    .name = "Italian",
    .is_read = true,
    .function =
        "che e di il la non un mi è a l' in per del si con tu io più ma ti le mio i se una al mia "
        "o da ch' d' della lo nel come ah me amor te chi questo cor sì quel gli s' sua ha dal alla "
        "no suo tuo tua né nell' dell' all' sei sono ho son hai sia deh qui quando dove già mai "
        "sempre ancor ancora così tutto tutta tutti solo sol ogni ove or ora poi ne m' t' c' v' "
        "quest' quell' questa quella quei quelle questi cosa fra tra su sul sulla dalla dall' dai "
        "dei delle degli nella nei nelle alle ai agli senza perché perchè vi ci voi noi lui lei "
        "loro miei mie tuoi tue suoi sue esser essere era fu fa far va vo' vuol può puoi so sa "
        "qual quale quanto quanta pur pure ben bene anche anch' altro altra oh ahi ohimè ecco "
        "nostro nostra vostro vostra dunque allora forse sotto dopo prima contro verso perch' "
        "un' po' dì cos' dov' com' mentre finché benché siam siamo avrà sarà vuoi voglio abbia",
    .words =
        "amore amante amanti core cuore cuori notte notti giorno giorni sole luna stella stelle "
        "cielo ciel terra mondo tempo vita morte morir morire vivere occhi ciglia sguardo mano "
        "mani volto viso labbra labbro bocca bacio baci baciare anima alma spirto sogno sogni "
        "sognare sonno dormire mattino sera domani ieri pioggia neve vento inverno estate "
        "primavera autunno fiore fiori rosa rose albero alberi foglie bosco selva fiume mare "
        "acqua onda onde riva nave via strada casa porta finestra fuoco foco fiamma ardor ardore "
        "freddo ombra luce nero bianco rosso verde azzurro oro dolce dolcezza bella bello beltà "
        "bellezza giovane vecchio piccolo grande buono caro cara felice felicità contento gioia "
        "gioja piacer piacere dolor dolore pena pene tormento affanno paura speranza spero solo "
        "lontano perduto trovare sento sentire pensiero penso dire dico dimmi parlar parola parole "
        "udir ascolta cantare canta canto canzone musica voce suono silenzio pianto piangere "
        "lagrime lacrime lascia lasciar lasciate ridere riso sorriso partire resta aspetta cadere "
        "cade volare vola ali uccello usignolo danza guarda guardare vedo vedere veder dare dona "
        "prendere tenere volere ricordo ricorda donna uomo fanciulla figlio figlia padre madre "
        "fratello amico signore signor dio re regina santo santa gloria grazia pace pietà fede "
        "fedele crudele sangue ora ore anni presto caro ben mio traditor perfido spietato vendetta "
        "crudel infelice misero addio viva sospiro sospiri gentil giardino bellissima zeffiretto",
};
