/* Dutch, with the old spelling: zoo, den, mensch, schoone. */
#include "align/language/table.h"

const silbe_language_table silbe_language_dutch = {
    .code = "nl",
    .name = "Dutch",
    .is_read = true,
    .function =
        "de en het een ik van in is dat je niet te zijn op met voor mijn die er aan maar als zo "
        "ze was wat hij om dan wij bij nog naar mij zij of zoo den der uit door heb ben hoe waar "
        "geen daar over haar kan weer al hem nu toch wel ons jij jou jouw me we heeft had wil "
        "zal worden wordt werd moet mag kon zou zich dit deze hier ook onder tot toen want wie "
        "mijne zijne onze hun uw u gij ge 't 'k m'n z'n d'r zonder altijd nooit meer alles alle "
        "iets niets iemand niemand ja nee nu waarom zoals omdat alleen samen tussen tegen sinds "
        "achter na weg ga gaan gaat kom komt komen doe doen doet deed laat laten maak weet zie "
        "zien ziet zeg zegt geef hebt bent waren hadden ginds toe eens steeds elk elke andere "
        "ander veel vele heel zelf mogen moeten willen kunnen zullen dus ten ter",
    .words =
        "hart harten liefde lief liefste nacht nachten dag dagen zon maan ster sterren hemel aarde "
        "wereld tijd leven dood sterven ogen oogen oog blik hand handen gezicht lippen mond kus "
        "kussen ziel zielen geest droom dromen droomen slaap slapen morgen avond gisteren regen "
        "sneeuw wind winter zomer lente herfst bloem bloemen bloempje roos rozen boom bomen "
        "boomen blad bladeren bos woud rivier zee water golf golven strand schip schepen boot "
        "straat huis huizen deur raam kamer vuur vlam koud warm schaduw donker licht zwart wit "
        "rood groen blauw goud gouden zoet zoete mooi mooie schoon schoone schone jong jonge oud "
        "oude klein kleine kleintje groot grote goed goede blij treurig verdriet vreugde geluk "
        "gelukkig pijn smart vrees angst hoop hopen eenzaam ver verloren vinden voel voelen "
        "gevoel denk denken gedachte woord woorden spreken hoor horen zingen zing zingt zong lied "
        "liedje stem klank stil stille stilte huilen tranen lachen lach glimlach blijven blijf "
        "wachten wacht vallen valt vliegen vleugels vogel vogels vogeltje nachtegaal lopen loop "
        "dansen dans kijken kijk geven nemen houden hou houdt vergeten herinner meisje jongen "
        "vrouw man moeder vader kind kinderen vriend vrienden god heer heere koning heilig vrede "
        "genade klokken bloed uur uren jaren eeuwig eeuwigheid weide weiden hei duinen molen "
        "vaderland vrij vrijheid trouw zuiver lucht wolken nooit geweest mensch mensen menschen "
        "bruid schijn schijnt ruischen ruist zacht zachte zuchten vreemd lijden blijde rijk",
};
