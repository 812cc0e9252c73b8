import type { owner as english } from "./owner.en.ts";

/** Pages for owners, for their successors and for claimants, in German. */
export const owner: typeof english = {
  ask: {
    manageTitle: "Domain verwalten",
    manageLead: "Geben Sie die Domain und Ihre E-Mail-Adresse ein. Wir senden dorthin einen Link zur Seite der Domain.",
    reclaimTitle: "Domain zurückholen",
    reclaimLead:
      "Wenn jemand anderes Ihre Domain registriert hat oder es das Postfach nicht mehr gibt, können Sie über einen DNS-Eintrag nachweisen, dass sie Ihnen gehört. Geben Sie die Domain und Ihre E-Mail-Adresse ein. Wir senden dorthin einen Link; die Seite dahinter zeigt den Eintrag.",
    domain: "Domain",
    domainHint: "Der System-Name der PBX, zum Beispiel pbx.example.com",
    email: "Ihre E-Mail-Adresse",
    manageEmailHint: "Die, mit der die Domain registriert ist.",
    reclaimEmailHint: "Die, der die Domain gehören soll.",
    submit: "Link senden",
    toReclaim: "Von jemand anderem registriert, oder kein Postfach mehr? Domain zurückholen",
    toManage: "Mit Ihrer Adresse registriert? Domain verwalten",
    sentTitle: "Prüfen Sie Ihre E-Mails",
    sentText:
      "Wenn alles stimmt, ist eine E-Mail mit einem Link unterwegs an {email}. Der Link gilt einmal, innerhalb einer Stunde.",
    sentCode: "Öffnen Sie den Link auf einem beliebigen Gerät und geben Sie dort diesen Code ein:",
    sentKeep: "Lassen Sie diese Seite so lange offen: Nur sie zeigt den Code.",
    sentSilence:
      "Wenn keine kommt: Sehen Sie im Spam-Ordner nach, und ob die Adresse richtig geschrieben ist. Vielleicht gab es auch in der letzten Stunde zu viele E-Mails; versuchen Sie es dann später noch einmal. Nach einer E-Mail, die als unzustellbar zurückkam, senden wir 7 Tage lang keine.",
    again: "Noch einmal anfordern",
  },

  enter: {
    title: "Seite von {domain} öffnen",
    text: "Geben Sie den Code ein, den das Fenster zeigt, in dem Sie diesen Link angefordert haben. Damit öffnet sich die Seite der Domain in diesem Browser für 15 Minuten, einmal.",
    only: {
      object:
        "Dieser Link zeigt in diesem Browser für 15 Minuten, wer die Domain beansprucht. Dort können Sie Einspruch erheben. Er gilt 7 Tage.",
      confirm:
        "Dieser Link fragt Sie in diesem Browser, für 15 Minuten, ob die Domain Ihrer Adresse gehören soll. Er gilt 24 Stunden.",
    },
    warning: "Öffnen Sie sie nur, wenn Sie den Link selbst angefordert haben oder wissen, worum es in der E-Mail geht.",
    code: "Code aus dem Fenster, in dem Sie den Link angefordert haben",
    noCode: "Geben Sie die sechs Ziffern ein, die das Fenster zeigt, in dem Sie den Link angefordert haben.",
    submit: "Öffnen",
    overTitle: "Dieser Link ist nicht mehr gültig",
    overText:
      "Er wurde schon benutzt, seine Zeit ist vorbei, oder ein falscher Code wurde zu oft eingegeben. Sie können einen neuen anfordern.",
  },

  session: {
    overTitle: "Bitte öffnen Sie noch einmal einen Link",
    overText:
      "Zu Ihrer Sicherheit schließt sich diese Seite nach 15 Minuten. Fordern Sie einen neuen Link an, um weiterzumachen.",
    ask: "Link anfordern",
    until: "Diese Seite ist in diesem Browser offen bis {until}.",
    leave: "Jetzt schließen",
    leftTitle: "Geschlossen",
    leftText: "Die Seite der Domain ist in diesem Browser nicht mehr offen.",
  },

  state: {
    active: "Aktiv: PBXen können sich anmelden.",
    suspended:
      "Vom Betreiber gesperrt: PBXen können sich nicht anmelden, und hier lässt sich nichts ändern. Bitte fragen Sie den Betreiber dieses Dienstes.",
    proven:
      "Es ist nachgewiesen, dass die Domain Ihnen gehört. Niemand bekommt sie, ohne dass Sie 7 Tage Zeit für einen Einspruch haben.",
    provisional:
      "Die Domain ist vorläufig: Ihre Adresse gehört weder zu ihr noch zu einem Namen darüber. Alles funktioniert, aber wer über DNS nachweist, dass die Domain ihm gehört, bekommt sie sofort. Weisen Sie es selbst nach, um das zu verhindern.",
  },

  inDns: "Im DNS: {name}",

  next: {
    title: "Nächster Schritt",
    steps: {
      connect:
        "Tragen Sie URL und Passwort im Push-Objekt Ihrer PBX ein. Wenn Sie das Passwort nicht mehr haben, ersetzen Sie es unten.",
      reconnect:
        "Keine PBX ist verbunden. Prüfen Sie, ob Ihre PBX läuft, ob sie diesen Dienst erreicht und ob ihr Push-Objekt das jetzige Passwort hat.",
      refused:
        "Eine PBX wollte sich mit einem falschen Passwort anmelden. Tragen Sie das jetzige in ihrem Push-Objekt ein, oder ersetzen Sie das Passwort unten.",
      password: "Tragen Sie das jetzige Passwort in jeder PBX ein, die unten noch ein altes verwendet.",
      failed: "Der letzte Push ist fehlgeschlagen. Unter „Letzte Pushes“ steht, warum.",
      prove: "Weisen Sie unten über das DNS nach, dass die Domain Ihnen gehört, damit niemand sie übernehmen kann.",
      push: "Ihre PBX ist verbunden. Schließen Sie auf einem Telefon die App und rufen Sie den Benutzer an: Der Push erscheint dann unten.",
      nothing: "Es ist nichts zu tun: Ihre PBX ist verbunden, und der letzte Push wurde angenommen.",
    },
  },

  connections: {
    title: "Verbundene PBXen",
    none: "Im Augenblick ist keine verbunden.",
    pbx: "PBX",
    version: "Version",
    source: "Von",
    since: "Seit",
    password: "Passwort",
    current: "das jetzige",
    old: "das alte",
    own: "das eigene des Kontos",
    active: "Zuletzt aktiv",
    silent: "unbekannt: Sie ist getrennt, oder die Abfrage ist fehlgeschlagen",
    refused: "Zuletzt abgewiesen",
    lastPost: "Letzter Push",
    away: "Zurzeit nicht verbunden:",
    awaySince: "{account}, letzter Push am {when}",
    askHint: "Eine verbundene PBX sendet mindestens alle zehn Minuten etwas.",
    ask: "Letzte Aktivität abfragen",
  },

  posts: {
    title: "Letzte Pushes",
    off: "Dieser Dienst führt keine Liste der Pushes. Deshalb kann diese Seite nicht zeigen, was aus ihnen wurde, und keinen Test-Push senden. Sehen Sie im Trace Ihrer PBX nach, oder fragen Sie den Betreiber dieses Dienstes.",
    none: "Aus den letzten 30 Tagen ist kein Push bekannt.",
    empty: "Seit die Domain Ihnen gehört, ist kein Push bekannt.",
    day: "In den letzten 24 Stunden: {accepted} angenommen, {failed} fehlgeschlagen.",
    asOf: "Stand: {when} ({age}).",
    delay:
      "Ab jetzt erscheinen neue Pushes eine Stunde lang innerhalb einer Minute: Laden Sie die Seite neu. „Angenommen“ heißt, dass Apple oder Google den Push übernommen hat; ob er auf dem Telefon ankam, wird nie gemeldet.",
    kinds: { call: "Anruf", notification: "Benachrichtigung" },
    testTitle: "Test-Push senden",
    testText:
      "Weckt ein Telefon, das diese Domain kürzlich verwendet hat, und wartet bis zu 10 Sekunden auf einen Fehler. Höchstens {most} pro Stunde.",
    phone: "Telefon",
    phoneName: "{app}, letzter Push am {when}",
    test: "Test-Push senden",
  },

  limits: {
    title: "Grenzen",
    text: "Diese Grenzen gelten für die Domain mit allen ihren PBXen:",
    posts: "Pushes pro Sekunde",
    phone: "Pushes einer PBX an ein Telefon auf einmal, danach einer pro Sekunde",
    firstPhones: "Neue Telefone in der ersten Stunde",
    phones: "Neue Telefone pro Stunde danach, dazu ein Zehntel der bekannten",
    tests: "Test-Pushes pro Stunde",
  },

  refusedLogins: {
    title: "Abgewiesene Anmeldungen",
    lead: "Die letzten Versuche von sieben Tagen, sich als diese Domain oder ein Konto unter ihr anzumelden. Ihre eigenen PBXen mit falschem Passwort sind darunter; aber jeder kann es versuchen, unter jedem Namen.",
    text: "{when}, von {source}: {reason}",
    times: "{count}-mal",
    reasons: {
      unknown: "die Domain war nicht registriert",
      suspended: "vom Betreiber gesperrt",
      "old-password": "ein Passwort, das ersetzt wurde und nicht mehr gilt",
      "wrong-password": "falsches Passwort",
    },
  },

  accounts: {
    title: "Konten mit eigenem Passwort",
    text: "Der Betreiber dieses Dienstes hat sie eingerichtet und kann sie beenden. Sie enden von selbst, wenn die Domain aufgegeben wird oder jemand anderes sie bekommt.",
    active: "{account}, seit {when}",
    suspended: "{account}, seit {when}, gesperrt",
  },

  secret: {
    title: "Passwort",
    issued: "Das jetzige Passwort wurde am {when} ausgestellt. Diese Seite zeigt es nicht.",
    previous: "Ein altes Passwort, ausgestellt am {when}, gilt bis {until}.",
    stillUsed: "Damit verbundene PBXen: {count}",
    endOld: "Altes Passwort jetzt beenden",
    endOlder: "Alte Passwörter jetzt beenden",
    endOldHint: "PBXen, die noch eines davon verwenden, sind getrennt, bis das jetzige eingetragen ist.",
    replaceHint:
      "PBXen, die das jetzige Passwort verwenden, können das noch 7 Tage lang, damit Sie das neue überall eintragen können. Höchstens zwei alte Passwörter bleiben gültig; zuerst endet eines, das keine PBX verwendet hat, sonst das älteste.",
    replace: "Passwort ersetzen",
    newTitle: "Ihr neues Passwort",
    newLead: "Tragen Sie beides in das Push-Objekt Ihrer PBX ein, auch auf jeder Slave- und Standby-PBX.",
    newOnce: "Diese Seite zeigt das Passwort nur einmal. Kopieren Sie es jetzt.",
    newOld: "PBXen, die das alte Passwort verwenden, können das noch 7 Tage lang.",
    newTaken: "Die Domain gehört jetzt Ihnen. Was mit dem bisherigen Passwort verbunden war, ist getrennt.",
    back: "Zur Seite der Domain",
  },

  address: {
    title: "Adresse",
    present: "Die Domain gehört {email}.",
    text: "Wenn sie einer anderen Adresse gehören soll, fragen wir diese. Nichts ändert sich, bis sie bestätigt, innerhalb von 24 Stunden. Das Passwort bleibt dasselbe.",
    field: "Neue E-Mail-Adresse",
    submit: "E-Mail an die neue Adresse senden",
    waiting: "Wir haben {to} eine E-Mail gesendet; die Bestätigung ist bis {until} möglich.",
    cancel: "Zurücknehmen",
  },

  confirmName: "Zum Bestätigen geben Sie die Domain ein: {domain}",

  release: {
    title: "Domain aufgeben",
    text: "Das Passwort endet sofort, die PBXen werden getrennt, und jeder kann die Domain registrieren. Das lässt sich nicht rückgängig machen.",
    claimed:
      "Solange jemand die Domain beansprucht, lässt sie sich nicht aufgeben. Wenn Sie keinen Einspruch erheben, kann der Betreiber dieses Dienstes sie der Person geben, die sie beansprucht.",
    submit: "Domain aufgeben",
    doneTitle: "Die Domain ist aufgegeben",
    doneText: "{domain} gehört niemandem mehr. Ihr Passwort gilt nicht mehr.",
  },

  claim: {
    title: "Jemand beansprucht diese Domain",
    text: "{claimant} hat am {when} über das DNS nachgewiesen, über diese Domain zu verfügen.",
    until: "Sie können bis {until} Einspruch erheben. Danach entscheidet der Betreiber dieses Dienstes.",
    passed: "Die Zeit für einen Einspruch war am {until} vorbei. Der Betreiber dieses Dienstes entscheidet.",
    objected: "Sie haben am {when} Einspruch erhoben. Der Betreiber dieses Dienstes entscheidet.",
    object: "Einspruch erheben",
    mineTitle: "Ihr Anspruch auf {domain}",
    mineText:
      "Sie haben am {when} über das DNS nachgewiesen, über diese Domain zu verfügen. Sie ist schon in Gebrauch. Wenn sie einen Besitzer hat, schreiben wir ihm von Ihrem Anspruch.",
    mineWaiting: "Bis {until} ist ein Einspruch möglich.",
    mineObjected: "Der Besitzer hat am {when} Einspruch erhoben.",
    mineNext:
      "Der Betreiber dieses Dienstes entscheidet, und Sie bekommen eine E-Mail. Bitte lassen Sie den Eintrag bis dahin im DNS: Er wird dann noch einmal gesucht.",
  },

  successor: {
    title: "{domain} übernehmen?",
    text: "Der Besitzer dieser Domain möchte, dass sie Ihrer Adresse gehört. Wenn Sie bestätigen, verwalten künftig Sie die Domain: ihr Passwort, ihre PBXen, ihre Adresse. Das Passwort bleibt dasselbe; ersetzen Sie es, wenn niemand außer Ihnen es kennen soll.",
    until: "Sie können bis {until} bestätigen. Wenn Sie es nicht tun, ändert sich nichts.",
    submit: "Übernehmen",
  },

  scopedLink: {
    title: "Die Seite der Domain",
    object:
      "Der Link in jener E-Mail liegt tagelang in Ihrem Postfach. Darum können Sie damit den Anspruch sehen und Einspruch erheben, sonst nichts.",
    done: "Mit diesem Link gibt es nichts mehr zu tun: Er war für eine Sache, und die ist geschehen oder vorbei.",
    hint: "Für alles andere fordern Sie einen Link zur ganzen Seite an, an {email}. Er gilt eine Stunde.",
    ask: "Link anfordern",
  },

  proof: {
    title: "Domain über DNS nachweisen",
    unrelatedTitle: "Nachweisen, dass {domain} Ihnen gehört",
    unrelatedText:
      "Wer das DNS einer Domain ändern kann, verfügt über sie. Fügen Sie diesen Eintrag hinzu und lassen Sie ihn uns dann prüfen.",
    ownText: "Fügen Sie diesen Eintrag zum DNS Ihrer Domain hinzu und lassen Sie ihn uns dann prüfen.",
    type: "Der Eintrag ist vom Typ TXT.",
    name: "Name",
    relative: "Name innerhalb von {zone}",
    whichName:
      "Manche DNS-Anbieter verlangen den ganzen Namen, andere nur den Teil vor ihrer Zone. Tragen Sie den ein, den Ihrer verlangt.",
    value: "Wert",
    until: "Der Wert ist nur für Ihre Adresse und gilt bis {until}.",
    check: "Eintrag prüfen",
    seen: {
      title: "Jetzt im DNS",
      never: "Noch nicht geprüft.",
      found: "Der Eintrag ist da und hat den richtigen Wert. Klicken Sie zum Abschluss auf „{button}“.",
      none: "Unter diesem Namen gibt es keinen TXT-Eintrag.",
      others: "Die TXT-Einträge unter diesem Namen haben einen anderen Wert:",
      more: "und {count} weitere",
      unreachable: "Die Name-Server der Domain haben nicht geantwortet.",
      at: "Geprüft am {when}.",
      auto: "Diese Seite prüft weiter, solange sie geöffnet ist.",
      stopped: "Diese Seite prüft nicht mehr von selbst. Klicken Sie auf „{button}“, um erneut zu prüfen.",
    },
    wait: "Ein neuer Eintrag ist manchmal erst nach einigen Minuten zu sehen. Sie können später wiederkommen: Fordern Sie dann einen neuen Link an.",
    nextTitle: "Wie es weitergeht",
    next: [
      "Wenn niemand die Domain nachgewiesen hat, gehört sie sofort Ihnen, mit einem neuen Passwort.",
      "Wenn nachgewiesen ist, dass sie jemand anderem gehört, oder der Betreiber dieses Dienstes sie eingerichtet hat, erheben Sie einen Anspruch. Wenn sie einen Besitzer hat, schreiben wir ihm, und er hat 7 Tage Zeit für einen Einspruch. Danach entscheidet der Betreiber dieses Dienstes.",
      "Wenn niemand sie registriert hat, können Sie sie sofort registrieren.",
    ],
    freeTitle: "Die Domain ist frei",
    freeText: "Niemand hat {domain} registriert. Registrieren Sie sie im Connect-Fenster.",
    freeLink: "Zum Connect-Fenster",
  },

  said: {
    "old-ended": "Alte Passwörter gelten nicht mehr.",
    "address-asked": "Wir haben der neuen Adresse eine E-Mail gesendet.",
    "address-cancelled": "Die Änderung ist zurückgenommen: Die Adresse bleibt, wie sie ist.",
    "address-confirmed": "Die Domain gehört jetzt Ihrer Adresse.",
    proven: "Die Domain ist nachgewiesen.",
    objected: "Ihr Einspruch ist vermerkt. Der Betreiber dieses Dienstes entscheidet.",
    claimed:
      "Ihr Eintrag stimmt. Die Domain ist schon in Gebrauch. Wenn sie einen Besitzer hat, schreiben wir ihm von Ihrem Anspruch.",
    missing:
      "Der Eintrag ist noch nicht da oder enthält etwas anderes. Vergleichen Sie Name und Wert und versuchen Sie es in einigen Minuten noch einmal.",
    unreachable:
      "Die Name-Server der Domain haben nicht geantwortet. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    stale: "Das Passwort ist schon ersetzt, vielleicht durch einen doppelten Klick. Jetzt wurde nichts geändert.",
    "bad-address": "Das ist keine E-Mail-Adresse, an die wir senden können.",
    "not-confirmed": "Was Sie eingegeben haben, ist nicht die Domain. Es wurde nichts geändert.",
    "not-yours": "Das können Sie nicht mehr: Die Domain hat sich inzwischen geändert.",
    suspended: "Die Domain ist gesperrt. Es wurde nichts geändert.",
    "test-accepted":
      "Der Test-Push wurde angenommen, und innerhalb von 8 Sekunden wurde kein Fehler gemeldet. Ob das Telefon aufgewacht ist, sehen Sie nur am Telefon.",
    "test-gone":
      "Die App wurde vom Telefon entfernt oder hat ein neues Token. Öffnen Sie die App und lassen Sie die PBX noch einmal einen Push senden.",
    "test-bad-message":
      "Apple oder Google lehnt die Nachrichten für dieses Telefon ab. Versuchen Sie es in zehn Minuten noch einmal; wenn es so bleibt, fragen Sie den Betreiber dieses Dienstes.",
    "test-app-down":
      "Apple oder Google nimmt zurzeit keine Pushes für diese App an. Wenn es so bleibt, fragen Sie den Betreiber dieses Dienstes.",
    "test-failed":
      "Auf den Test-Push kam keine Antwort; vielleicht kommt er trotzdem an. Versuchen Sie es in einigen Minuten noch einmal.",
    "test-unlisted":
      "Dieses Telefon kommt in den letzten Pushes nicht mehr vor. Es wurde nichts gesendet. Wählen Sie ein anderes.",
    "test-forgotten":
      "Dieser Dienst kennt das Telefon für Ihre Domain nicht mehr. Es wurde nichts gesendet. Rufen Sie zuerst seinen Benutzer an.",
    "test-shared":
      "Auch eine andere Domain hat dieses Telefon verwendet und verwendet es vielleicht jetzt. Es wurde nichts gesendet. Wählen Sie ein Telefon, das nur Ihre Domain verwendet.",
    "test-limited":
      "Ihre Domain hat alle Test-Pushes dieser Stunde gesendet. Versuchen Sie es in der nächsten Stunde noch einmal.",
    "other-claim":
      "Ein anderer Anspruch auf diese Domain ist noch offen. Bitte versuchen Sie es wieder, wenn er entschieden ist.",
    "release-claimed":
      "Jemand beansprucht diese Domain. Sie lässt sich nicht aufgeben, bevor darüber entschieden ist. Wenn Sie keinen Einspruch erheben, kann der Betreiber sie der Person geben, die sie beansprucht.",
    nothing: "Es gab nichts zu tun: Es ist schon geschehen oder vorbei.",
    same: "Das ist schon so. Es wurde nichts geändert.",
    limited: "Das war zu oft. Bitte versuchen Sie es später noch einmal.",
    scope:
      "Der Link, mit dem Sie gekommen sind, ist nicht dafür. Es wurde nichts geändert. Fordern Sie einen Link zur Seite der Domain an.",
    conflict:
      "Jemand anderes hat die Domain inzwischen geändert. Bitte sehen Sie nach und versuchen Sie es noch einmal.",
  },
};
