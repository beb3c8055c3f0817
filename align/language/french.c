/* French. */
#include "align/language/table.h"

const silbe_language_table silbe_language_french = {
    .code = "fr",
    .name = "French",
    .is_read = true,
    .function =
        "de et la le les l' je d' que en un à est des tu dans il qui pas ne une mon on ma c' j' me "
        "pour qu' du te se sur moi ce toi plus au n' s' si mes m' tout comme vous nous a son elle "
        "mais y t' sa ses avec par ton où sans ta ô suis tes quand aux bien ils cette leur ces ou "
        "ai es sont fait être sous votre vos notre nos même rien jamais toujours encore trop car "
        "ça faut peut veux peux vais va fut était cet lui elles vers donc ainsi dont chaque tous "
        "toute toutes puis après avant entre chez quel quelle quelque parfois là-bas ici là voici "
        "voilà ni non oui jusqu' lorsqu' puisqu' quoi déjà depuis pendant tant si loin hélas soit "
        "sera serai avait avais eu été ait aie aujourd'hui leurs celui celle ceux aussi alors "
        "parce pourquoi comment combien deux trois autre autres personne chacun quelqu'un",
    .words =
        "amour amours coeur cœur coeurs cœurs nuit nuits jour jours soleil lune étoile étoiles "
        "ciel "
        "cieux terre monde temps vie mort mourir vivre yeux regard main mains visage lèvres bouche "
        "baiser baisers âme âmes esprit rêve rêves rêver sommeil dormir matin soir soirs demain "
        "hier pluie neige vent hiver été printemps automne fleur fleurs rose roses arbre arbres "
        "feuille feuilles bois forêt rivière mer eau eaux flots vague vagues rivage bateau chemin "
        "route rue maison porte fenêtre chambre feu flamme froid chaud ombre ombres lumière noir "
        "noire blanc blanche rouge vert bleu bleue doré doux douce douceur beau belle beauté jeune "
        "vieux petit petite grand grande bon bonne triste tristesse heureux heureuse bonheur joie "
        "douleur peine peur espoir espérance seul seule solitude loin lointain perdu trouver sens "
        "sentir penser pensée dire parler mot mots entendre chanter chant chanson chansons musique "
        "voix bruit silence pleurer pleure larmes pleurs rire sourire partir reste rester attendre "
        "tomber tombe voler ailes oiseau oiseaux rossignol marcher courir danser danse regarde "
        "regarder voir vois donner donne prendre tenir laisse laisser vouloir oublier oublie "
        "souvenir souviens aimer aime aimé aimée fille garçon femme homme enfant enfants mère père "
        "ami amis frère dieu seigneur roi reine saint sainte gloire grâce paix cloches sang "
        "toujours heure heures années bientôt parfum parfums azur brise jardin mystère vieille "
        "puissance quelquefois seulement doucement fidèle éternel naissance",
};
