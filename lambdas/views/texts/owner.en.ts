/** Pages for owners, for those who shall follow them, and for those who claim a domain. */
export const owner = {
  ask: {
    manageTitle: "Manage your domain",
    manageLead: "Enter the domain and your e-mail address. We send a link to its page to that address.",
    reclaimTitle: "Get a domain back",
    reclaimLead:
      "If somebody else has registered your domain, or its mailbox is gone, you can prove by a DNS record that it is yours. Enter the domain and your e-mail address. We send a link to that address; the page behind it shows the record.",
    domain: "Domain",
    domainHint: "The System Name of the PBX, for example pbx.example.com",
    email: "Your e-mail address",
    manageEmailHint: "The one that the domain is registered with.",
    reclaimEmailHint: "The one that the domain shall belong to.",
    submit: "Send the link",
    toReclaim: "Domain registered by somebody else, or mailbox gone? Get it back",
    toManage: "Registered with your address? Manage your domain",
    sentTitle: "Check your mail",
    sentText: "If everything is right, a mail with a link is on its way to {email}. The link works once, within an hour.",
    sentSilence: "If none comes: look into the spam folder, and see whether the address is spelt right. There may also have been too many mails in the last hour; then try again later.",
    again: "Ask once more",
  },

  enter: {
    title: "Open the page of {domain}",
    text: "This link works once, and opens the page of the domain in this browser for 15 minutes.",
    /** In place of that, for links that are for one thing. */
    only: {
      object: "This link works once, and shows in this browser for 15 minutes who claims the domain. You can object to it there.",
      confirm: "This link works once, and asks you in this browser, for 15 minutes, whether the domain shall belong to your address.",
    },
    warning: "Open it only if you have asked for it yourself, or know what the mail is about.",
    submit: "Open",
    overTitle: "This link is no longer valid",
    overText: "It has been used, or its time is over. You can ask for another one.",
  },

  session: {
    overTitle: "Please open your link again",
    overText: "For your safety this page closes after 15 minutes. Ask for another link to go on.",
    ask: "Ask for a link",
    until: "This page is open in this browser until {until}.",
    leave: "Close it now",
    leftTitle: "Closed",
    leftText: "The page of the domain is no longer open in this browser.",
  },

  state: {
    active: "Active: PBXes can log in.",
    suspended: "Suspended by the operator: PBXes cannot log in, and nothing can be changed here. Please ask the operator of this service.",
    proven: "The domain is proven to be yours. Nobody can take it without giving you 7 days to object.",
    provisional:
      "The domain is provisional: your address does not belong to it. Everything works, but whoever proves by DNS that the domain is theirs gets it at once. Prove it yourself to prevent that.",
  },

  connections: {
    title: "Connected PBXes",
    none: "None is connected at the moment.",
    pbx: "PBX",
    version: "Version",
    source: "From",
    since: "Since",
    password: "Password",
    current: "the present one",
    old: "the old one",
    own: "the account's own",
  },

  accounts: {
    title: "Accounts with a password of their own",
    text: "The operator of this service has set them up, and can end them. They end by themselves when the domain is given up or goes to somebody else.",
    active: "{account}, since {when}",
    suspended: "{account}, since {when}, suspended",
  },

  secret: {
    title: "Password",
    issued: "The present password was issued on {when}. It is not shown again.",
    previous: "The old one, issued on {when}, is valid until {until}.",
    stillUsed: "PBXes that are connected with the old one: {count}",
    endOld: "End the old password now",
    endOldHint: "PBXes that still use it are disconnected until the new one is entered.",
    replaceHint: "A new password is shown once. The present one stays valid for 7 days, so that you can enter the new one everywhere. An older one ends now.",
    replace: "Replace the password",
    newTitle: "Your new password",
    newLead: "Enter both in the Push object of your PBX, and of every slave and standby.",
    newOnce: "The password is shown here, and never again.",
    newOld: "The old password stays valid for 7 days.",
    newTaken: "The domain is yours now. Whatever was connected with the password of before is disconnected.",
    back: "To the page of the domain",
  },

  address: {
    title: "Address",
    present: "The domain belongs to {email}.",
    text: "If it is to belong to another address, we ask that address. Nothing changes until it confirms, within 24 hours. The password stays the same.",
    field: "New e-mail address",
    submit: "Ask the new address",
    waiting: "{to} has been asked, and can confirm until {until}.",
    cancel: "Take it back",
  },

  release: {
    title: "Give the domain up",
    text: "The password ends at once, the PBXes are disconnected, and anybody can register the domain. This cannot be undone.",
    claimed: "While somebody claims the domain it cannot be given up. If you do not object, the operator of this service can give it to them.",
    field: "To confirm, type the domain: {domain}",
    submit: "Give the domain up",
    doneTitle: "The domain is given up",
    doneText: "{domain} no longer belongs to anybody. Its password is no longer valid.",
  },

  claim: {
    title: "Somebody claims this domain",
    text: "{claimant} has proven on {when} by DNS to command this domain.",
    until: "You can object until {until}. Then the operator of this service decides.",
    passed: "The time to object was over on {until}. The operator of this service decides.",
    objected: "You objected on {when}. The operator of this service decides.",
    object: "Object",
    mineTitle: "Your claim to {domain}",
    mineText: "You have proven on {when} by DNS to command this domain. It belongs to another address, which has been told.",
    mineWaiting: "Its owner may object until {until}.",
    mineObjected: "Its owner objected on {when}.",
    mineNext: "The operator of this service decides, and you get a mail. Please leave the record in the DNS until then: it is looked for once more.",
  },

  successor: {
    title: "Take over {domain}?",
    text: "The owner of this domain wants it to belong to your address. If you confirm, you manage it from now on: its password, its PBXes, its address. The password stays the same; replace it if nobody but you should know it.",
    until: "You can confirm until {until}. If you do not, nothing changes.",
    submit: "Take it over",
  },

  /** Behind a link that is for one thing. */
  errand: {
    title: "The page of the domain",
    object: "The link in that mail lies in your mailbox for days. So it lets you see the claim and object to it, and do nothing else.",
    served: "There is nothing more to do by this link: it was for one thing, which is done or over.",
    hint: "You get a link to the whole page at {email}. It works for an hour.",
    ask: "Send me that link",
  },

  proof: {
    title: "Prove the domain by DNS",
    strangerTitle: "Prove that {domain} is yours",
    strangerText: "Whoever can change the DNS of a domain commands it. Add this record, then let us check it.",
    ownText: "Add this record to the DNS of your domain, then let us check it.",
    type: "The record is of the type TXT.",
    name: "Name",
    value: "Value",
    until: "The value is for your address alone, and valid until {until}.",
    check: "Check the record",
    wait: "A new record may take some minutes until it is seen. You can come back later: ask for another link then.",
    nextTitle: "What happens next",
    next: [
      "If nobody has proven the domain, it is yours at once, with a new password.",
      "If it is proven to be somebody else's, its owner is told and has 7 days to object. Then the operator of this service decides.",
      "If nobody has registered it, you can register it at once.",
    ],
    freeTitle: "The domain is free",
    freeText: "Nobody has registered {domain}. Register it in the Connect window.",
    freeLink: "To the Connect window",
  },

  /** What a step led to, shown above the page that follows it. */
  said: {
    "old-ended": "The old password is no longer valid.",
    "address-asked": "The new address has been asked.",
    "address-cancelled": "That is taken back: the address stays as it is.",
    "address-confirmed": "The domain belongs to your address now.",
    proven: "The domain is proven.",
    objected: "Your objection is noted. The operator of this service decides.",
    claimed: "Your record is right. The domain belongs to another address, which has been told.",
    missing: "The record is not there yet, or holds something else. Compare name and value, and try again in a few minutes.",
    unreachable: "The name servers of the domain did not answer. Please try again in a few minutes.",
    stale: "The password has been replaced already, perhaps by pressing the button twice. Nothing was changed now.",
    "bad-address": "This is no e-mail address we can send to.",
    "not-confirmed": "What you typed is not the domain. Nothing was changed.",
    "not-yours": "That is not for you to do any more: the domain has changed meanwhile.",
    suspended: "The domain is suspended. Nothing was changed.",
    "other-claim": "Another claim to this domain is under way. Please try again when it is decided.",
    "release-claimed": "Somebody claims this domain. It cannot be given up before that is decided. If you do not object, the operator can give it to them.",
    nothing: "There was nothing to do: it has been done already, or is over.",
    same: "That is so already. Nothing was changed.",
    limited: "That was too often. Please try again later.",
    errand: "The link that you came by is not for that. Nothing was changed. Ask for a link to the page of the domain.",
    conflict: "Somebody else has changed the domain meanwhile. Please look again, and try once more.",
  },
};
