/* Latin: masses, psalms, sequences, and the songs of students. */
#include "align/language/table.h"

const silbe_language_table silbe_language_latin = {
    .code = "la",
    .name = "Latin",
    .is_read = true,
    .function =
        "et in non est qui ad ut cum te me nos de tu quae sunt quam per sed a ex tibi mihi quod "
        "hoc nobis ab si pro suo sua suum eius ejus tuo tua tuum tuam tuae meo mea meum meam meae "
        "quia ego nec ne aut atque ac iam jam sicut sic nunc semper erat sit esse fuit nunc quem "
        "quid quis cui cuius cujus quo qua se sine super sub inter propter ante post o vos vobis "
        "eum eam eis illi ille illa illum haec hic ista noster nostra nostri nostris nostrum "
        "omnes omnia omnis omnibus omnium dum donec ubi unde inde ibi usque tamen ergo enim autem "
        "vel etiam quando quidquid nihil nil nullus ipse ipsa ipsum sui suis tuis tuos tuas meis "
        "meus tuus suus erit eris eram fiat sim sis sint possum potest velut quasi quoque",
    .words =
        "deus dei deo deum domine dominus domini domino dominum jesu iesu christe christi christus "
        "christum pater patris patri patrem filius filii fili filium spiritus spiritu sancti "
        "sancto sanctus sancta sanctum sanctorum maria virgo virginis virgines mater matris "
        "gratia gratias plena benedicta benedictus benedicimus mulieribus fructus ventris ora "
        "peccatoribus peccata peccatis mortis mors morte morti hora amen agnus qui tollis mundi "
        "mundo miserere misericordia dona donum pacem pax lux lucis lucem luceat perpetua requiem "
        "aeternam aeterna aeternae aeternum requiescant gloria excelsis terra terrae hominibus "
        "bonae voluntatis laudamus adoramus glorificamus propter magnam credo unum omnipotentem "
        "factorem caeli coeli caelum coelum caelis coelis visibilium saecula saeculorum saeculi "
        "hosanna osanna pleni venit nomine dies irae illa solvet saeclum favilla teste david "
        "sibylla tuba mirum spargens sonum sepulcra regionum coget thronum rex tremendae "
        "majestatis salva fons pietatis lacrimosa lacrymosa resurget judicandus homo reus stabat "
        "dolorosa juxta crucem crux lacrimosa pendebat ave salve regina vita dulcedo spes exsules "
        "clamamus gementes flentes lacrimarum valle panis angelicus verum corpus natum passum "
        "sanguis sanguine magnificat anima animam exsultavit exultate jubilate psallite cantate "
        "laudate laudem canticum novum omnes gentes populi adeste fideles laeti triumphantes "
        "venite adoremus videte natum regem angelorum gaudeamus igitur juvenes juventutem "
        "fortuna velut luna statu variabilis amor amoris vincit corde cor oculis nox noctis "
        "silentium flos florum rosa mater tenebrae lumen exaudi clamor veniat vox orationem "
        "libera judex iudex timor tremor ignis aqua puer natus hodie gaudete gaudium tempus "
        "vivat pereat vanitas vanitatum quaesumus confutatis maledictis voca benedictis oro "
        "supplex acclinis contritum quasi cinis gere curam finis nocte bibunt taberna",
};
