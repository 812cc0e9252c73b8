import type { notices as english } from "./notices.en.ts";

/** E-Mails über Änderungen an einer Domain, auf Deutsch. */
export const notices: typeof english = {
  greeting: "Guten Tag,",
  manage: "Die Seite Ihrer Domain finden Sie hier:",
  reclaim:
    "Wer über das DNS einer Domain verfügt, kann das nachweisen. Einen Link zu der Seite dafür bekommen Sie hier:",
  life: "Der Link gilt einmal, bis {until}. Er ist nur für Sie: Bitte leiten Sie diese E-Mail nicht weiter.",
  button: "Seite der Domain öffnen",
  byOperator: "Das hat der Betreiber dieses Dienstes getan. Bei Fragen wenden Sie sich bitte an ihn.",
  notYou:
    "Wenn Sie das nicht waren, kann jemand anderes Ihre E-Mails lesen. Sichern Sie Ihr Postfach, ersetzen Sie das Passwort auf der Seite Ihrer Domain und sagen Sie es dem Betreiber dieses Dienstes.",
  notYouGone:
    "Wenn Sie das nicht waren, kann jemand anderes Ihre E-Mails lesen. Sichern Sie Ihr Postfach und sagen Sie es sofort dem Betreiber dieses Dienstes: Er kann Ihnen die Domain zurückgeben.",
  ignore: "Wenn Sie das nicht waren, tun Sie nichts: Dann ändert sich nichts.",

  access: {
    subject: "Ihr Link zu {domain}",
    text: [
      "jemand, vermutlich Sie, hat am {when} beim Push-Dienst nach der Seite der Domain {domain} gefragt. Dort sieht ein Besitzer, welche PBXen verbunden sind, ersetzt das Passwort, ändert die Adresse oder gibt die Domain auf; wer über ihr DNS verfügt, kann das dort nachweisen.",
    ],
  },
  joined: {
    subject: "Passwort von {domain} in einem weiteren Connect-Fenster",
    text: [
      "am {when} wurde das Passwort der Domain {domain} mit dem Link aus einer E-Mail an Sie für ein weiteres Connect-Fenster freigegeben. Das Fenster wurde von der Adresse {source} aus geöffnet.",
      "Das Passwort ist dasselbe geblieben. Wenn Sie einen Code eingegeben haben, den Ihnen jemand anderes genannt hat, kennt diese Person vielleicht das Passwort: Bitte ersetzen Sie es.",
    ],
  },
  replaced: {
    subject: "Neues Passwort für {domain}",
    text: [
      "für die Domain {domain} wurde am {when} ein neues Passwort ausgestellt.",
      "PBXen, die das alte verwenden, können das bis {until}. Bitte tragen Sie das neue bis dahin in jedes Push-Objekt ein.",
    ],
  },
  rekeyed: {
    subject: "Neues Passwort für {domain}",
    text: [
      "für die Domain {domain} wurde am {when} ein neues Passwort ausgestellt.",
      "Das alte gilt nicht mehr. PBXen, die es verwenden, sind getrennt, bis das neue eingetragen ist.",
    ],
  },
  "old-secret-ended": {
    subject: "Alte Passwörter von {domain} gelten nicht mehr",
    text: [
      "die alten Passwörter der Domain {domain} wurden am {when} vorzeitig beendet. PBXen, die noch eines davon verwendet haben, sind getrennt, bis das jetzige eingetragen ist.",
    ],
  },
  "address-asked": {
    subject: "{domain} übernehmen?",
    text: [
      "der Besitzer der Domain {domain} ({other}) hat am {when} darum gebeten, dass sie künftig Ihrer Adresse gehört.",
      "Wenn Sie einverstanden sind, öffnen Sie diese Seite und bestätigen Sie. Bis dahin ändert sich nichts.",
    ],
  },
  "address-changed": {
    subject: "{domain} hat jetzt eine andere Adresse",
    text: [
      "wie von Ihnen gewünscht, gehört die Domain {domain} seit {when} der Adresse {other}. E-Mails dazu gehen künftig dorthin. Das Passwort gilt weiter.",
    ],
  },
  "address-taken": {
    subject: "{domain} gehört jetzt Ihnen",
    text: [
      "die Domain {domain} gehört seit {when} Ihrer Adresse. Vorher gehörte sie {other}. Das Passwort gilt weiter; wer es hatte, kann es verwenden, bis Sie es ersetzen.",
    ],
  },
  released: {
    subject: "{domain} wurde aufgegeben",
    text: [
      "die Domain {domain} wurde am {when} aufgegeben. Ihr Passwort gilt nicht mehr, ihre PBXen sind getrennt, und jeder kann sie registrieren.",
    ],
  },
  added: {
    subject: "{domain} wurde für Sie eingerichtet",
    text: [
      "die Domain {domain} wurde am {when} eingerichtet und gehört Ihrer Adresse. Wenn Sie ihr Passwort nicht bekommen haben, bekommen Sie eines auf der Seite Ihrer Domain.",
    ],
  },
  deleted: {
    subject: "{domain} wurde gelöscht",
    text: ["die Domain {domain} wurde am {when} gelöscht. Ihr Passwort gilt nicht mehr, und ihre PBXen sind getrennt."],
  },
  suspended: {
    subject: "{domain} wurde gesperrt",
    text: [
      "die Domain {domain} wurde am {when} gesperrt. Ihre PBXen sind getrennt und können sich nicht anmelden, bis die Sperre aufgehoben wird.",
    ],
  },
  resumed: {
    subject: "{domain} ist wieder aktiv",
    text: [
      "die Sperre der Domain {domain} wurde am {when} aufgehoben. Ihre PBXen können sich wieder anmelden, mit demselben Passwort.",
    ],
  },
  disconnected: {
    subject: "Die PBXen von {domain} wurden getrennt",
    text: [
      "alle PBXen der Domain {domain} wurden am {when} getrennt. Sie melden sich von selbst wieder an, mit demselben Passwort.",
    ],
  },
  proven: {
    subject: "{domain} ist nachgewiesen",
    text: [
      "die Domain {domain} wurde am {when} über ihr DNS nachgewiesen. Niemand sonst kann sie mehr sofort übernehmen: Wer sie später nachweist, muss auf Sie warten.",
    ],
  },
  taken: {
    subject: "{domain} gehört jetzt jemand anderem",
    text: [
      "die Domain {domain} war mit Ihrer Adresse registriert, aber nie nachgewiesen. Am {when} hat {other} ein Recht an ihr nachgewiesen, über ihr DNS oder mit einer Adresse der Domain oder eines Namens darüber, und sie gehört jetzt dieser Adresse, mit einem neuen Passwort. Ihres gilt nicht mehr, und PBXen, die es verwenden, sind getrennt.",
      "Wenn Sie über das DNS dieser Domain verfügen, können Sie das ebenso nachweisen.",
    ],
  },
  claimed: {
    subject: "Jemand beansprucht {domain}: Einspruch bis {until}",
    text: [
      "am {when} hat {other} über das DNS von {domain} nachgewiesen, darüber zu verfügen, und beansprucht die Domain, die Ihrer Adresse gehört.",
      "Wenn Sie nicht einverstanden sind, öffnen Sie diese Seite und erheben Sie Einspruch bis {until}. Danach entscheidet der Betreiber dieses Dienstes.",
    ],
  },
  "claim-made": {
    subject: "Ihr Anspruch auf {domain}",
    text: [
      "Sie haben am {when} über das DNS nachgewiesen, über {domain} zu verfügen. Die Domain ist schon in Gebrauch. Wenn sie einen Besitzer hat, schreiben wir ihm, und er kann bis {until} Einspruch erheben. Danach entscheidet der Betreiber dieses Dienstes, und Sie hören von uns. Bitte lassen Sie den Eintrag bis dahin im DNS.",
    ],
  },
  objected: {
    subject: "Einspruch gegen den Anspruch auf {domain}",
    text: [
      "am {when} wurde Einspruch gegen den Anspruch von {other} auf Ihre Domain {domain} erhoben. Der Betreiber dieses Dienstes entscheidet, und Sie hören von uns.",
    ],
  },
  "claim-objected": {
    subject: "Einspruch gegen Ihren Anspruch auf {domain}",
    text: [
      "der Besitzer von {domain} hat am {when} Einspruch gegen Ihren Anspruch erhoben. Der Betreiber dieses Dienstes entscheidet, und Sie hören von uns.",
    ],
  },
  "claim-granted": {
    subject: "{domain} gehört jetzt Ihnen",
    text: [
      "Ihrem Anspruch wurde am {when} stattgegeben: {domain} gehört Ihrer Adresse. Das alte Passwort gilt nicht mehr. Ein neues bekommen Sie auf der Seite Ihrer Domain.",
    ],
  },
  "claim-lost": {
    subject: "{domain} gehört jetzt jemand anderem",
    text: [
      "der Betreiber dieses Dienstes hat am {when} dem Anspruch von {other} auf {domain} stattgegeben. Die Domain gehört jetzt dieser Adresse. Ihr Passwort gilt nicht mehr, und PBXen, die es verwenden, sind getrennt.",
    ],
  },
  "claim-denied": {
    subject: "Ihr Anspruch auf {domain} wurde abgelehnt",
    text: [
      "der Betreiber dieses Dienstes hat Ihren Anspruch auf {domain} am {when} abgelehnt. Die Domain bleibt, wie sie ist.",
    ],
  },
  "claim-fended": {
    subject: "{domain} gehört weiterhin Ihnen",
    text: [
      "der Betreiber dieses Dienstes hat den Anspruch von {other} auf {domain} am {when} abgelehnt. Für Sie ändert sich nichts.",
    ],
  },
  "claim-lapsed": {
    subject: "{domain} gehört weiterhin Ihnen",
    text: [
      "niemand hat rechtzeitig über den Anspruch von {other} auf {domain} entschieden: Er endete am {when}. Für Sie ändert sich nichts.",
    ],
  },
  "claim-ended": {
    subject: "Ihr Anspruch auf {domain} ist beendet",
    text: [
      "Ihr Anspruch auf {domain} endete am {when} ohne Entscheidung, oder weil der Besitzer die Domain aufgegeben hat. Sie können die Domain registrieren oder erneut beanspruchen.",
    ],
  },
  "transferred-away": {
    subject: "{domain} gehört jetzt einer anderen Adresse",
    text: [
      "der Betreiber dieses Dienstes hat die Domain {domain} am {when} der Adresse {other} gegeben. Ihr Passwort gilt nicht mehr, und PBXen, die es verwenden, sind getrennt.",
    ],
  },
  "transferred-to": {
    subject: "{domain} gehört jetzt Ihnen",
    text: [
      "der Betreiber dieses Dienstes hat die Domain {domain} am {when} Ihrer Adresse gegeben. Das alte Passwort gilt nicht mehr. Ein neues bekommen Sie auf der Seite Ihrer Domain.",
    ],
  },
  expiring: {
    subject: "{domain} wurde nie benutzt: Die Registrierung endet bald",
    text: [
      "die Domain {domain} ist mit Ihrer Adresse registriert, aber keine ihrer PBXen hat sich je angemeldet. Wenn es dabei bleibt, endet die Registrierung am {until}.",
      "Wenn Sie sie noch brauchen, tragen Sie URL und Passwort in das Push-Objekt Ihrer PBX ein. Wenn Sie das Passwort verloren haben, registrieren Sie die Domain noch einmal oder ersetzen Sie das Passwort auf ihrer Seite. Wenn Sie sie nicht brauchen, tun Sie nichts.",
    ],
  },
  expired: {
    subject: "Die Registrierung von {domain} ist beendet",
    text: [
      "keine PBX von {domain} hat sich seit der Registrierung angemeldet. Die Registrierung endete am {when}, und das Passwort gilt nicht mehr. Sie können die Domain jederzeit wieder registrieren.",
    ],
  },
};
