/* Swedish, with the old spelling: hafva, hvad, af, öfver. */
#include "align/language/table.h"

const silbe_language_table silbe_language_swedish = {
    .code = "sv",
    .name = "Swedish",
    .is_read = true,
    .function =
        "och i jag det en du som är att på den så för med av min mig inte han har dig om ett till "
        "när vi de din sig var men hon där ej mitt mina ditt dina sin sitt sina nu här oss vår "
        "våra från kan vill ska skall skulle blir blev vad hur ur upp ner ut in vid över öfver "
        "under efter mot utan bara bland genom mellan hos än ännu alltid aldrig åter bort borta "
        "hem hennes hans deras honom henne dem dom någon något några ingen inget inga alla allt "
        "hela varje samma annan andra mycket mer mera få får fick må måste kunde hade vore varit "
        "vara är't då ty ty sen sedan redan medan eller ja nej också själv denna detta dessa vem "
        "vems vilken vilket varför därför hvad hvar hvit af hafva hafver blifva lilla liten två "
        "kom kommer gå går gick se ser såg säg säger ni er era",
    .words =
        "hjärta hjärtat hjärtan kärlek kärleken natt natten nätter dag dagen dagar sol solen måne "
        "månen stjärna stjärnor himmel himmelen jord jorden värld världen tid tiden liv livet död "
        "döden dö leva ögon öga blick hand händer ansikte läppar mun kyss kyssa själ själen ande "
        "dröm drömmar drömmen drömma sömn sova morgon kväll afton igår regn snö vind vinden vinter "
        "sommar sommaren vår våren höst hösten blomma blommor blomster ros rosor rosen träd "
        "trädet löv blad skog skogen älv sjö sjön hav havet vatten våg vågor strand stranden båt "
        "skepp väg vägen gata hus huset dörr fönster rum eld lågor kall varm skugga mörker mörk "
        "ljus ljuset svart vit röd grön gröna blå guld gyllene söt ljuv ljuvlig vacker vackra "
        "skön sköna ung unga gammal gamla liten stor stora god goda glad glädje sorg sorgen lycka "
        "lycklig smärta rädd hopp ensam långt fjärran förlorad finna finner känna känner känsla "
        "tänka tänker tanke ord tala talar höra hör sjunga sjunger sång sången visa musik röst "
        "ljud tyst tystnad gråta gråter tårar skratta leende stanna vänta väntar falla faller "
        "flyga vingar fågel fåglar fågeln näktergal springa vandra dansa dans titta ge giv ta håll "
        "hålla glömma minns minnen flicka flickan pojke kvinna man mor mamma fader moder barn "
        "barnet vän vänner bror gud herre konung kung drottning helig frid nåd klockor blod "
        "timme år åren evig evighet fjäll fjällen ängar dalar land fosterland fädernesland nord "
        "tiden tillsammans längtan längtar glömt stilla lugn tyst sjunk glänsa blommar susar",
};
