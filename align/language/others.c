/*
 * Languages that are not read: near relatives of those that are, and a few that are often sung. So
 * much of each as keeps its texts from being taken for something else.
 */
#include "align/language/table.h"

const silbe_language_table silbe_language_others[] = {
    {.code = "pt",
     .name = "Portuguese",
     .function =
         "de que o e a não eu do da em um é me com os meu você se no na por para uma mais as te "
         "minha tem meus teu tua sem ao dos das quando como mas foi seu sua ou ser já só ela ele "
         "nos nas pra vou vai está tudo nada nunca sempre quem onde pelo pela até também bem muito "
         "isso este esta sou és são estou tenho nós ter há à às",
     .words =
         "coração amor noite dia lua sol céu mar terra mundo vida morte olhos olhar mão mãos beijo "
         "alma sonho sonhos manhã tarde chuva vento flor flores rosa água saudade saudades canção "
         "cantar canto voz chorar lágrimas rir sorriso ficar cair voar passarinho dançar ver dar "
         "querer mulher homem mãe pai filho deus senhor paz tempo anos menina moça ilusão paixão "
         "caminho rua casa luz tristeza felicidade dor esperança solidão nunca lembrança trabalho"},
    {.code = "da",
     .name = "Danish or Norwegian",
     .function =
         "og i jeg det er en som at på den til med for så de du av af ikke har min meg mig deg dig "
         "var et om der han hun vi når fra kan vil skal men sin sitt sit ei ein mitt mit din ditt "
         "nå nu her oss os vår vor hvor hva hvad hvem hvis etter efter over under ved opp op ned "
         "ut ud inn ind bare kun aldri aldrig alltid altid eller ja nei nej dem seg sig selv være "
         "ble blev blir bliver havde hadde noe noget noen nogen alle alt mer mere meget",
     .words =
         "hjerte hjertet kjærlighet kærlighed natt nat dag dagen sol måne stjerne stjerner himmel "
         "himlen jord jorden verden tid liv livet død øyne øjne øje hånd kyss kys sjel sjæl drøm "
         "drømme drømmer søvn sove morgen kveld aften regn sne snø vind vinter sommer høst vår "
         "forår blomst blomster rose tre træ skov skog sjø sø hav havet vann vand bølge strand vei "
         "vej hus dør eld ild kald varm mørk mørke lys sort svart hvit hvid rød grønn grøn blå "
         "gull "
         "guld søt vakker smuk ung gammel liten lille stor glad glede glæde sorg sang sangen synge "
         "synger stemme gråte græde tårer fugl fugle pike pige mor far barn venn ven gud herre "
         "fred kjær kær hjem også måtte kjenner føler tænker tenker år uke"},
    {.code = "pl",
     .name = "Polish",
     .function =
         "i w nie się na z to jest że do jak co ja ty mi mnie a ale o po tak już za ty moja mój "
         "mam "
         "dla tylko gdy bo od czy jej jego tego tym był była być są jestem cię ci nad przez przy "
         "kto gdzie bez może niech więc też znów zawsze nigdy wszystko nic tam tu moje twoje twój "
         "twoja nam nas wam ich",
     .words =
         "serce serca miłość noc nocy dzień dni słońce księżyc gwiazdy gwiazda niebo nieba ziemia "
         "świat świecie czas życie życia śmierć oczy oczach ręce usta dusza duszy sen sny ranek "
         "wieczór deszcz śnieg wiatr zima lato wiosna kwiaty kwiat róża drzewa las rzeka morze "
         "woda droga dom okno ogień cień światło złoty biały czarny piękna młody dziewczyna matka "
         "ojciec dziecko bóg panie łzy płacz śpiew pieśń głos cisza kocham"},
    {.code = "cs",
     .name = "Czech",
     .function =
         "a se v na je to že s z do i o já ty mi mě jak co tak ale když už jen po za by ve pro ten "
         "ta můj má tvůj tvá jsem jsi jsme byl byla být není kde kdo proč nad pod při ke k u ho mu "
         "jí nás vás svou své svůj ach než ani ještě však",
     .words =
         "srdce láska lásky noc den dny slunce měsíc hvězdy nebe země svět čas život smrt oči ruce "
         "ústa duše sen sny ráno večer déšť sníh vítr zima léto jaro květ kvítí růže strom les "
         "řeka "
         "moře voda cesta dům okno oheň stín světlo zlatý bílý černý krásná mladý děvče matka otec "
         "dítě bůh pane slzy pláč zpěv píseň hlas ticho miluji měsíčku řekni"},
    {.code = "fi",
     .name = "Finnish",
     .function =
         "ja on ei se kun niin en minä sinä hän mun sun mä sä minun sinun mutta kuin vain jos että "
         "oli olen olet ovat joka mitä mikä kuka missä nyt jo vielä aina koskaan kaikki taas pois "
         "yli alla luo kanssa ilman tämä tuo nuo me te he oon sen sitä siellä täällä tään näin",
     .words =
         "sydän sydämen rakkaus rakkauden yö yön päivä päivän aurinko kuu tähti tähdet taivas "
         "taivaan maa maan maailma aika elämä elämän kuolema silmät silmäs käsi kädet suu sielu "
         "uni "
         "unta aamu ilta sade lumi tuuli talvi kesä kevät kukka kukat ruusu puu metsä joki meri "
         "vesi aalto tie koti talo ovi tuli varjo valo musta valkoinen kulta kaunis nuori vanha "
         "tyttö äiti isä lapsi jumala herra kyyneleet laulu laulan ääni hiljaa lintu tanssi"},
    {.code = "hu",
     .name = "Hungarian",
     .function =
         "a az és nem hogy is egy van én te ő mert csak ha de már még meg mint azt ezt mi ki hol "
         "mikor volt lesz vagy nincs sem se el fel le be vagyok itt ott most majd minden senki "
         "soha mindig engem téged nekem neked alatt fölött között után",
     .words =
         "szív szívem szerelem szeretlek éj éjszaka nap hold csillag ég föld világ idő élet halál "
         "szem szemed kéz száj csók lélek álom reggel este eső hó szél tél nyár tavasz virág rózsa "
         "fa erdő folyó tenger víz út ház ablak tűz árnyék fény fekete fehér arany szép fiatal "
         "lány anya apa gyermek isten uram könny sírás dal ének hang csend madár babám kislány"},
    {.code = "ca",
     .name = "Catalan",
     .function =
         "de i el la que no a en un amb és per les els una del jo tu em et es al com si però més "
         "ja meu meva teu teva ens us seu seva hi ha quan on qui fins sense sota dins tot tota "
         "res mai sempre aquest aquesta sóc ets som són era he has vull vaig va fa molt bé dels "
         "pel als perquè",
     .words =
         "cor amor nit dia sol lluna estel estels cel terra món temps vida mort ulls mà mans "
         "llavis "
         "petó ànima somni somnis matí tarda vespre pluja neu vent hivern estiu flor flors rosa "
         "arbre arbres bosc riu mar aigua ones camí carrer casa porta finestra foc ombra llum "
         "negre "
         "blanc bell bonic jove vell noia noi mare pare fill déu senyor pau plor plorar cançó "
         "cantar "
         "veu silenci ocell ocells estimar muntanya"},
    {.code = "ro",
     .name = "Romanian",
     .function =
         "și în de nu la cu un o ce să te mă pe din că mi ai am e este eu tu el ea îmi îți se sunt "
         "ești dar doar mai când unde cine cum prin fără după până lângă tot toate toți nimic "
         "niciodată mereu meu mea tău ta lui ei noi voi vor va voi fi fost era acum aici acolo "
         "spre",
     .words =
         "inima inimă dragoste iubire iubirea iubesc noapte noaptea zi zile soare soarele lună "
         "luna "
         "stele stea cer cerul pământ lume lumea timp viață viața moarte ochi ochii mână buze gură "
         "sărut suflet sufletul vis vise dimineață seara ploaie zăpadă vânt iarnă vară primăvară "
         "flori floare trandafir copac pădure râu mare apă val drum casă ușă foc umbră lumină "
         "negru "
         "alb frumoasă tânăr fată mamă tată copil dumnezeu doamne lacrimi plâns cântec glas tăcere "
         "dor dorul pasăre"},
    {.code = "romaji",
     .name = "Japanese in Latin letters",
     .function =
         "no wa ga ni wo o to de mo kara made yo ne ka ya na kono sono ano dono kimi boku watashi "
         "ore anata bokura futari hitori nani dare itsu doko naze dake demo sore kore are koko "
         "soko mou mada zutto itsumo itsuka kitto motto nai iru aru suru shite shita naru natte "
         "kureru kudasai desu masu da datta janai tai te ita iku yuku ku sae nagara",
     .words =
         "kokoro ai koi yoru asa hi tsuki hoshi sora umi kaze ame yuki haru natsu aki fuyu hana "
         "sakura yume inochi hitomi me te mune namida egao kotoba uta utau koe oto hikari kage "
         "mirai ima kyou ashita kinou toki sekai machi michi ie tobira mado kawa yama tori tsubasa "
         "tooku chikaku takaku hajimete owari omoide wasurenai aishiteru suki daisuki kanashii "
         "ureshii yasashii tsuyoku hitotsu futatsu kagayaku shinjite nakanaide furusato kareki"},
};

const size_t silbe_language_n_others = sizeof silbe_language_others / sizeof *silbe_language_others;
