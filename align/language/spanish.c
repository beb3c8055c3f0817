/* Spanish. */
#include "align/language/table.h"

const silbe_language_table silbe_language_spanish = {
    .code = "es",
    .name = "Spanish",
    .is_read = true,
    .function =
        "de la que el y en no a los mi se me un te por tu con una lo las yo si del es al como su "
        "sin para más tus ya mis qué está amor pero hay sus cuando sé eres soy estoy ni o tú él "
        "ella muy donde todo nada nunca siempre porque le ay ese esa este esta así aquí allí ser "
        "fue era son ha he has hasta desde entre sobre tan también todos toda todas otro otra hoy "
        "ahora después antes mientras aunque quién quien cual cómo dónde cuándo estás están voy va "
        "van vas puedo puede quiero quieres tengo tiene tienes hace hacer haces dime dame solo "
        "sólo les nos nosotros ellos ellas usted mío mía míos tuyo tuya suyo nuestro nuestra había "
        "sido sea será contigo conmigo ti mí algo alguien nadie cada mucho poco mejor tal vez "
        "esto eso aquel aquella aquellos unos unas tras bajo según hacia casi aún sino junto dijo "
        "dice fui fuiste eran estaba "
        "estar tenía había hay hubo eras fueron sois vosotros vuestra lejos cerca dentro fuera "
        "detrás",
    .words =
        "corazón corazones noche noches día días sol luna estrella estrellas cielo tierra mundo "
        "tiempo vida muerte morir vivir ojos mirada mano manos cara rostro labios boca beso besos "
        "besar alma almas sueño sueños soñar dormir mañana tarde ayer lluvia nieve viento invierno "
        "verano primavera otoño flor flores rosa rosas árbol árboles hojas bosque río ríos mar "
        "agua olas ola orilla barco camino calle casa puerta ventana fuego llama frío calor sombra "
        "luz negro negra blanco blanca rojo verde azul oro dulce bella bello hermosa hermoso "
        "belleza joven viejo pequeño pequeña niño niña grande bueno buena triste tristeza feliz "
        "felicidad alegría dolor pena miedo esperanza espero soledad lejos perdido encontrar "
        "siento sentir pienso pensar pensamiento decir digo hablar palabra palabras oír escucha "
        "cantar canta canto canción canciones música voz ruido silencio llorar llora llanto "
        "lágrimas reír risa sonrisa partir quedar quédate esperar caer cae volar alas pájaro "
        "pájaros paloma ruiseñor bailar baile mirar mira ver veo dar doy tomar tener querer "
        "olvidar olvido recuerdo recuerdos querida querido mujer hombre madre padre hijo hermano "
        "amigo señor señora dios rey reina santo santa gloria gracia paz campanas sangre hora "
        "horas años pronto camina caballo jinete pueblo toro guitarra gitana llegar llegó "
        "jamás lejano verdad juntos gente volver vuelve cuerpo fuerza sabe sabes ahí ojalá",
};
