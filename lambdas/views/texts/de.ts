import type { Texts } from "./en.ts";
import { notices } from "./notices.de.ts";
import { owner } from "./owner.de.ts";

/** German. */
export const de: Texts = {
  language: "de",
  name: "Deutsch",
  locale: "de-DE",
  service: "Push-Dienst",
  foot: {
    about: "Über diesen Dienst",
    contact: "Kontakt",
    status: "Status",
    help: "Hilfe",
    privacy: "Datenschutz",
    otherLanguages: "Andere Sprachen",
  },

  connect: {
    title: "PBX verbinden",
    lead: "Registrieren Sie den System-Namen Ihrer PBX einmal. Sie erhalten URL und Passwort für deren Push-Objekt.",
    domain: "System-Name der PBX",
    domainHint: "Ihr Domain-Name, zum Beispiel pbx.example.com",
    email: "Ihre E-Mail-Adresse",
    emailHint: "Wir senden einen Link dorthin, um sicher zu sein, dass Sie es sind.",
    submit: "Verbinden",
    noScript:
      "Dieses Fenster braucht JavaScript: Es wartet auf Sie, während Sie Ihre E-Mail lesen. Bitte schalten Sie es ein und laden Sie die Seite neu.",
    requestName: "Anfrage {reference} für {domain}. Ihre E-Mail hat {reference} im Betreff.",
    windowTitle: "{reference} {domain}",
    waitingTitle: "Prüfen Sie Ihre E-Mails",
    waitingSteps: [
      "Öffnen Sie die E-Mail, die wir an {email} senden.",
      "Klicken Sie auf den Link und geben Sie diesen Code ein:",
      "Kommen Sie hierher zurück. Lassen Sie dieses Fenster offen.",
    ],
    code: "Ihr Code",
    waitingStatus: "Warten auf Ihre Bestätigung …",
    offline: "Zurzeit keine Verbindung. Wir versuchen es weiter …",
    emailLater:
      "Sie haben innerhalb einer Stunde mehrere E-Mails an diese Adresse angefordert. Diese senden wir um {time} Uhr, wenn nichts von dem unten Genannten dagegen spricht. Lassen Sie dieses Fenster offen.",
    tryAgain: "Sie haben zu viele E-Mails an diese Adresse angefordert. Beginnen Sie nach {time} Uhr neu.",
    timeLeft: "Link und Code gelten noch {time}.",
    silence: "Nach einigen Minuten noch keine E-Mail?",
    silenceReasons: [
      "Sehen Sie im Spam-Ordner nach, und ob die Adresse oben richtig geschrieben ist.",
      "Vielleicht ist die Domain schon mit einer anderen Adresse registriert. Fragen Sie Ihre Kollegen oder Ihren Installateur. Solange niemand die Domain nachgewiesen hat, kann eine Adresse der Domain selbst, oder eines Namens darüber, sie noch registrieren.",
      "Vielleicht hat der Betreiber dieses Dienstes die Domain eingerichtet, oder eine PBX unter ihrem Namen. Dann kommt keine E-Mail: Fragen Sie ihn nach dem Passwort.",
      "Vielleicht gab es in der letzten Stunde zu viele E-Mails. Versuchen Sie es dann später noch einmal.",
      "Vielleicht ist eine E-Mail an diese Adresse als unzustellbar zurückgekommen oder als Spam gemeldet worden. Nach einer unzustellbaren senden wir 7 Tage lang keine. Nehmen Sie eine andere Adresse, oder bitten Sie den Betreiber dieses Dienstes, sie freizugeben.",
    ],
    silenceWhy: "Aus Sicherheitsgründen können wir Ihnen nicht sagen, was davon zutrifft.",
    resend: "E-Mail noch einmal senden",
    resent: "Die E-Mail ist noch einmal angefordert. Das kann eine Minute dauern.",
    restart: "Neu beginnen",
    manage: "Schon registriert? Domain verwalten",
    doneTitle: "Verbindung hergestellt",
    doneLead: "ist registriert. Übernehmen Sie beides in das Push-Objekt Ihrer PBX.",
    url: "URL",
    otherUrl: "Bleibt das Push-Objekt offline, tragen Sie stattdessen {url} ein.",
    password: "Passwort",
    copy: "Kopieren",
    copied: "Kopiert",
    copyBoth: "Beides kopieren",
    copyFailed: "Nicht erlaubt: bitte markieren und kopieren",
    nextTitle: "Wie es weitergeht",
    stepObject:
      "Öffnen Sie das Push-Objekt Ihrer PBX und tragen Sie URL und Passwort ein wie angezeigt. Bestätigen Sie mit OK.",
    stepTrust:
      "Laden Sie {link} in die Trust List (General/Certificates) der Master-PBX und jeder Slave- und Standby-PBX. Jede verbindet sich selbst mit diesem Dienst, mit demselben Objekt.",
    roots: "die Stammzertifikate",
    stepTrustOther: {
      other:
        "Sorgen Sie dafür, dass die Master-PBX und jede Slave- und Standby-PBX der Zertifizierungsstelle dieses Dienstes vertraut. Welche das ist, sagt Ihnen der Betreiber dieses Dienstes.",
      none: "Hier gibt es kein Zertifikat, dem zu vertrauen wäre: Dieser Dienst läuft ohne TLS auf einem einzelnen Rechner.",
    },
    stepUsers: "Tragen Sie bei jedem Benutzer, der geweckt werden soll, im Feld Push den Namen des Push-Objekts ein.",
    onceHint: "Wenn Sie dieses Fenster in den 15 Minuten nach der Bestätigung neu laden, zeigt es das Passwort wieder.",
    finish: "Ich habe beides kopiert",
    finishedTitle: "Fertig",
    finishedText:
      "Das Passwort wird nicht mehr angezeigt. Eine Stunde lang zeigt dieses Fenster hier, was von Ihrer PBX ankommt. Sie können es schließen.",
    ticks: {
      registered: "Domain registriert",
      copied: "URL und Passwort kopiert",
      connected: "PBX verbunden",
      accepted: "Erster Push angenommen",
    },
    tickDone: "erledigt",
    tickOpen: "steht aus",
    postsOff:
      "Dieser Dienst führt keine Liste der Pushes. Dieses Fenster kann daher nicht zeigen, ob einer angenommen wurde.",
    unconnected: "Ihre PBX ist noch nicht verbunden? Prüfen Sie URL und Passwort in ihrem Push-Objekt.",
    unconnectedTrust: "Prüfen Sie auch, ob ihre Trust List {link} enthält.",
    hourOver:
      "Die Stunde ist vorbei: Dieses Fenster verfolgt Ihre PBX nicht mehr. Was hier steht, kann veraltet sein; die Seite Ihrer Domain zeigt den jetzigen Stand.",
    toOwner: "Seite Ihrer Domain öffnen",
    outcomes: {
      accepted: "angenommen",
      UnknownApp: "abgelehnt: Das Token nennt keine App dieses Dienstes",
      Malformed: "abgelehnt: Die Nachricht der PBX hat die falsche Form",
      Uninstalled: "fehlgeschlagen: Die App wurde vom Telefon entfernt",
      GcmNotRegistered: "fehlgeschlagen: Die App wurde vom Telefon entfernt",
      ApnInvalidToken: "abgelehnt: kein Token eines iPhones",
      GcmInvalidReg: "abgelehnt: kein Token eines Android-Telefons",
      DatabaseErr: "fehlgeschlagen: Dieser Dienst konnte seine Daten nicht lesen",
      ApnError: "fehlgeschlagen: keine Antwort der Push-Dienste",
      ApnServiceDown: "fehlgeschlagen: Apple nimmt zurzeit keine Pushes für diese App an",
      ApnPayloadSize: "abgelehnt: Die Nachricht ist zu groß",
      ApnProcessingErr: "abgelehnt: zu viele Pushes auf einmal, oder Apple lehnt die Nachricht ab",
      GcmServerError: "fehlgeschlagen: keine Antwort der Push-Dienste",
      GcmAuthentication: "fehlgeschlagen: Google nimmt zurzeit keine Pushes für diese App an",
      GcmMessageTooBig: "abgelehnt: Die Nachricht ist zu groß",
      GcmDeviceRate: "abgelehnt: zu viele Pushes auf einmal",
      GcmBadRequest: "abgelehnt: Google lehnt die Nachricht ab",
      other: "fehlgeschlagen: {outcome}",
    },
    shownText:
      "Die Domain ist registriert, aber dieses Fenster zeigt ihr Passwort nicht mehr: Es sind mehr als 15 Minuten vergangen, oder das Passwort wurde ersetzt. Um das aktuelle zu sehen, beginnen Sie mit derselben Adresse neu.",
    expiredTitle: "Diese Registrierung ist abgelaufen",
    expired: {
      time: "Link und Code wurden nicht rechtzeitig benutzt. Sie können neu beginnen.",
      codes:
        "Ein falscher Code wurde zu oft eingegeben. Sie können neu beginnen; geben Sie dann den Code des neuen Fensters ein.",
      ended: "Sie wurde abgebrochen, in diesem Fenster oder in einer Kopie davon. Sie können neu beginnen.",
    },
    takenTitle: "Diese Domain ist vergeben",
    takenText:
      "Während Sie bestätigten, hat jemand anderes diese Domain registriert, oder der Betreiber dieses Dienstes hat sie eingerichtet. Fragen Sie Ihre Kollegen oder Ihren Installateur. Wenn Sie das DNS der Domain verwalten, können Sie sie zurückholen.",
    lostTitle: "Dieses Passwort gilt nicht mehr",
    lostText:
      "Die Domain war registriert, aber das Passwort, das dieses Fenster gezeigt hat, gilt nicht mehr: Es wurde ersetzt, oder die Registrierung wurde gelöscht oder ist an jemand anderen übergegangen. Um eine PBX zu verbinden, beginnen Sie neu.",
    failed: "Das hat nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
  },

  verify: {
    title: "Domain bestätigen",
    asked: "Jemand möchte diese PBX verbinden:",
    domain: "Domain",
    request: "Anfrage",
    when: "Angefragt am",
    from: "Von der Adresse",
    effectNew:
      "Wenn Sie bestätigen, erhält das Fenster, das den Code anzeigt, das Passwort, mit dem PBXen dieser Domain Pushes senden. Die Domain gehört dann Ihrer E-Mail-Adresse.",
    warning:
      "Geben Sie nur den Code ein, den Ihnen Ihr eigenes Connect-Fenster zeigt. Geben Sie nie einen Code ein, den Sie von jemand anderem haben: Diese Person bekäme damit das Passwort Ihrer Domain.",
    code: "Code aus Ihrem Connect-Fenster",
    confirm: "Bestätigen",
    registered: "Diese Domain ist schon mit Ihrer Adresse registriert. Wählen Sie:",
    joinTitle: "Mit dem aktuellen Passwort verbinden",
    joinText:
      "Für eine weitere PBX, oder wenn Sie das Passwort verloren haben. Für verbundene PBXen ändert sich nichts.",
    join: "Aktuelles Passwort anzeigen",
    replaceTitle: "Passwort ersetzen",
    replaceText:
      "Ein neues Passwort wird ausgestellt. PBXen, die das jetzige verwenden, können das noch 7 Tage lang, damit Sie das neue überall eintragen können.",
    replace: "Passwort ersetzen",
    noCode: "Geben Sie die sechs Ziffern ein, die Ihr Connect-Fenster zeigt.",
    wrong: "Der Code ist falsch. Noch {left} Versuche.",
    wrongLast: "Der Code ist falsch. Noch ein Versuch.",
    otherNewer:
      "Das ist der Code einer neueren Anfrage, {of}. Diese E-Mail gehört zur Anfrage {reference}: Öffnen Sie stattdessen die E-Mail mit {of} im Betreff.",
    otherOlder:
      "Das ist der Code einer älteren Anfrage, {of}. Diese E-Mail gehört zur Anfrage {reference}: Geben Sie den Code aus dem Fenster ein, das {reference} zeigt.",
    confirmedTitle: "Bestätigt",
    confirmedText: "{domain} ist bestätigt. Ihr Connect-Fenster zeigt URL und Passwort 15 Minuten lang.",
    confirmedReplaced:
      "Ein neues Passwort wurde ausgestellt. PBXen, die das alte verwenden, können das noch 7 Tage lang.",
    confirmedClose: "Sie können diese Seite schließen.",
    overTitle: "Dieser Link ist nicht mehr gültig",
    overText:
      "Er wurde schon benutzt, ist abgelaufen, durch falsche Codes verbraucht, oder die Domain wurde mit einer anderen Adresse registriert. In Ihrem Connect-Fenster können Sie neu beginnen.",
    overNewer: "Für diese Domain gibt es eine neuere Anfrage, {newer}: Öffnen Sie die E-Mail mit {newer} im Betreff.",
    again: "Zum Connect-Fenster",
  },

  problem: {
    title: "Das hat nicht geklappt",
    home: "Zum Connect-Fenster",
    notFound: "Seite nicht gefunden.",
    method: "Diese Adresse akzeptiert nur {methods}.",
    unavailable: "Bei uns hat etwas nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
    contentType: "Der Content-Type muss {type} sein.",
    tooLarge: "Die Anfrage ist zu groß.",
    malformed: "Der Inhalt muss {domain, email} sein, beides Texte.",
    ticket: "Dieses Ticket ist unbekannt.",
    limited: "Zu viele Anfragen aus Ihrem Netz. Bitte versuchen Sie es in {minutes} min noch einmal.",
    foreign:
      "Dieses Formular kam nicht von unserer eigenen Seite. Bitte öffnen Sie die Seite noch einmal und versuchen Sie es wieder.",
    busy: "Gerade ändern viele diese Domain. Bitte versuchen Sie es gleich noch einmal.",
    domain: {
      empty: "Bitte geben Sie den System-Namen Ihrer PBX ein.",
      "too-long": "Ein Domain-Name hat höchstens 253 Zeichen.",
      slash: "Bitte geben Sie nur den System-Namen ein, ohne Schrägstrich und was danach kommt.",
      "one-label":
        "Bitte geben Sie einen vollständigen Domain-Namen wie pbx.example.com ein; andere Namen richtet der Betreiber ein.",
      "bad-label":
        "Das ist kein Domain-Name. Er darf Buchstaben, Ziffern und Bindestriche enthalten, mit Punkten dazwischen.",
      nobodys:
        "Ein solcher Name kann im öffentlichen DNS niemandem gehören und lässt sich deshalb nicht per E-Mail registrieren. Bitte fragen Sie den Betreiber dieses Dienstes, ob er ihn einrichtet.",
      suffix:
        "Unter diesem Namen registrieren andere ihre eigenen Namen; er selbst lässt sich deshalb nicht per E-Mail registrieren. Bitte geben Sie den vollständigen Namen Ihrer PBX ein, oder fragen Sie den Betreiber dieses Dienstes.",
      address:
        "Eine IP-Adresse kann nicht registriert werden. Bitte geben Sie einen Domain-Namen wie pbx.example.com ein.",
    },
    email: {
      empty: "Bitte geben Sie Ihre E-Mail-Adresse ein.",
      "too-long": "Eine E-Mail-Adresse hat höchstens 254 Zeichen.",
      "bad-address": "Das ist keine E-Mail-Adresse, an die wir senden können.",
    },
  },

  status: {
    title: "Status",
    up: "Alles funktioniert.",
    degraded: "Teile des Dienstes sind gestört. Wir sehen nach.",
    down: "Teile des Dienstes sind ausgefallen. Wir arbeiten daran.",
    states: { up: "In Ordnung", degraded: "Gestört", down: "Ausgefallen" },
    components: {
      pushes: {
        name: "Pushes",
        up: "Pushes kommen an.",
        degraded: "Manche Pushes kommen vielleicht verspätet oder gar nicht an.",
        down: "Pushes kommen nicht an.",
        share: "{percent} % der Pushes gingen in den letzten 24 Stunden durch",
      },
      connections: {
        name: "Verbindungen",
        up: "PBXen können sich verbinden und anmelden.",
        degraded: "Manche PBXen können sich vielleicht nicht verbinden oder anmelden.",
        down: "PBXen können sich nicht verbinden oder anmelden.",
        share: "{percent} % der Anmeldungen mit richtigem Passwort gelangen in den letzten 24 Stunden",
      },
      registration: {
        name: "Registrierung",
        up: "Domains können registriert und verwaltet werden.",
        degraded:
          "Eine Domain zu registrieren oder ihre Seite zu öffnen gelingt vielleicht nicht. Verbundene PBXen sind nicht betroffen.",
        down: "Domains können nicht registriert oder verwaltet werden. Verbundene PBXen sind nicht betroffen.",
        share: "{percent} % der Seitenaufrufe wurden in den letzten 24 Stunden beantwortet",
      },
      email: {
        name: "E-Mail",
        up: "E-Mails werden ohne Verzögerung versendet.",
        degraded: "E-Mails mit Links kommen vielleicht verspätet an.",
        down: "Es werden keine E-Mails versendet.",
        share: "{percent} % der Versuche, eine E-Mail zu senden, gelangen in den letzten 24 Stunden",
      },
    },
    chart: "{component}: die letzten 24 Stunden in Balken zu je einer halben Stunde",
    noData: "zu wenige Daten",
    slot: "{from}: {what}",
    worked: "{percent} % gelangen",
    troubleTitle: "Halbe Stunden mit Fehlern",
    trouble: "{from}: {what}",
    now: "jetzt",
    legendTitle: "Was die Balken bedeuten",
    legend: {
      good: "99 % oder mehr gelangen",
      poor: "50 bis 99 % gelangen",
      bad: "weniger als 50 % gelangen",
      none: "zu wenige Daten",
    },
    how: "Jeder Balken ist eine halbe Stunde. Etwa jede Minute verbindet sich eine Test-PBX und weckt ein Test-Telefon, so wie auch Ihre Telefone geweckt werden; das zählt hier ebenso wie Ihre eigenen Pushes, Anmeldungen, Seitenaufrufe und E-Mails. Die Balken werden alle fünf Minuten erneuert.",
    checked: "Zuletzt geprüft am {when}. Diese Seite erneuert sich jede Minute.",
    machine: "Für Programme",
  },

  owner,
  notices,

  mail: {
    subject: "{domain} bestätigen (Anfrage {reference})",
    greeting: "Guten Tag,",
    asked: "jemand möchte die PBX {domain} mit dem Push-Dienst verbinden, am {when}, von der Adresse {source}.",
    action:
      "Wenn Sie das sind, öffnen Sie diese Seite und geben Sie den Code ein, den das Connect-Fenster zur Anfrage {reference} zeigt:",
    button: "Domain bestätigen",
    life: "Der Link ist 30 Minuten lang gültig.",
    ignore:
      "Wenn Sie es nicht waren, tun Sie nichts: Dann ändert sich nichts. Geben Sie nie einen Code ein, den Sie von jemand anderem haben.",
  },
};
