/** Pages for owners, for their successors, and for claimants. */
export const owner = {
  ask: {
    manageTitle: "Manage your domain",
    manageLead: "Enter the domain and your email address. We'll email you a link to its page.",
    reclaimTitle: "Recover your domain",
    reclaimLead:
      "If someone else has registered your domain, or you have lost access to the mailbox, you can prove with a DNS record that the domain is yours. Enter the domain and your email address. We'll email you a link to the page that shows the record.",
    domain: "Domain",
    domainHint: "The System Name of the PBX, for example pbx.example.com",
    email: "Your email address",
    manageEmailHint: "The address the domain is registered with.",
    reclaimEmailHint: "The address that will own the domain.",
    submit: "Request a link",
    toReclaim: "Registered by someone else, or lost access to the mailbox? Recover your domain",
    toManage: "Registered with your address? Manage your domain",
    sentTitle: "Check your email",
    sentText: "If the details match, we've emailed a link to {email}. The link works once, within an hour.",
    sentCode: "Open the link, on any device, and enter this code:",
    sentKeep: "Keep this page open until then: the code is shown only here.",
    sentSilence:
      "No email? Check your spam folder and check the address for typos. If too many emails were sent in the last hour, try again later. After an email has bounced, we send none to its address for 7 days.",
    again: "Request another link",
  },

  enter: {
    title: "Open the page of {domain}",
    text: "Enter the code shown in the window where you requested this link. It then opens the domain's page in this browser for 15 minutes, once.",
    /** Instead of that, for links with a single purpose. */
    only: {
      object:
        "This link shows in this browser, for 15 minutes, who is claiming the domain. You can object there. It works for 7 days.",
      confirm:
        "This link asks you in this browser, for 15 minutes, whether you want to own the domain. It works for 24 hours.",
    },
    warning: "Open it only if you requested it, or if you know what the email is about.",
    code: "Code from the window where you requested the link",
    noCode: "Enter the six digits shown in the window where you requested the link.",
    submit: "Open",
    overTitle: "This link is no longer valid",
    overText: "It has been used or has expired, or a wrong code was entered too often. You can request another one.",
  },

  session: {
    overTitle: "Open a new link",
    overText: "For security, this page closes after 15 minutes. Request another link to continue.",
    ask: "Request a link",
    until: "This page is open in this browser until {until}.",
    leave: "Close now",
    leftTitle: "Closed",
    leftText: "The domain's page is no longer open in this browser.",
  },

  state: {
    active: "Active: PBXes can log in.",
    suspended:
      "Suspended by the operator: PBXes cannot log in, and nothing can be changed here. Contact the operator of this service.",
    proven: "You have proved that the domain is yours. Nobody can take it without giving you 7 days to object.",
    provisional:
      "The domain is provisional, because your address is neither at the domain nor at a name above it. Everything works, but anyone who proves control of the domain through DNS gets it immediately. Prove control yourself to prevent that.",
  },

  /** Below a name that is not in Latin letters. */
  inDns: "In the DNS: {name}",

  next: {
    title: "Next step",
    steps: {
      connect:
        "Enter the URL and the password in the Push object of your PBX. If you no longer have the password, replace it below.",
      reconnect:
        "No PBX is connected. Check that your PBX is running, that it can reach this service, and that its Push object has the current password.",
      refused:
        "A PBX tried to log in with a wrong password. Enter the current password in its Push object, or replace the password below.",
      password: "Enter the current password in each PBX below that still uses an old one.",
      failed: "The last push failed. “Recent pushes” below says why.",
      prove: "Prove control of the domain through DNS (below), so that nobody can take it.",
      push: "Your PBX is connected. Close the app on a phone and call its user: the push appears below.",
      nothing: "Nothing to do: your PBX is connected and the last push was accepted.",
    },
  },

  connections: {
    title: "Connected PBXes",
    none: "No PBX is connected right now.",
    pbx: "PBX",
    version: "Version",
    source: "From",
    since: "Since",
    password: "Password",
    current: "current",
    old: "old",
    own: "the account's own",
    active: "Last seen",
    silent: "unknown: it has disconnected, or the check failed",
    refused: "Last refused login",
    lastPost: "Last push",
    away: "Not connected now:",
    awaySince: "{account}, last push on {when}",
    askHint: "A connected PBX sends something at least every ten minutes.",
    ask: "Check when they were last seen",
  },

  posts: {
    title: "Recent pushes",
    off: "This service keeps no list of pushes, so this page cannot show what became of them or send a test push. Look at the trace of your PBX, or ask the operator of this service.",
    none: "No push is known from the last 30 days.",
    empty: "No push is known since the domain became yours.",
    day: "In the last 24 hours: {accepted} accepted, {failed} failed.",
    /** `age`: a time span, as “3 minutes ago”. */
    asOf: "As of {when} ({age}).",
    delay:
      "For an hour from now, new pushes appear within a minute: reload the page. “Accepted” means that Apple or Google took the push; whether the phone got it is never reported.",
    kinds: { call: "call", notification: "notification" },
    testTitle: "Send a test push",
    testText:
      "Wakes a phone that this domain used recently, and waits up to 10 seconds for a failure. At most {most} an hour.",
    phone: "Phone",
    phoneName: "{app}, last push on {when}",
    test: "Send test push",
  },

  limits: {
    title: "Limits",
    text: "These limits apply to the domain with all its PBXes:",
    posts: "Pushes a second",
    phone: "Pushes from one PBX to one phone at once, then one a second",
    firstPhones: "New phones in the first hour",
    phones: "New phones an hour after that, plus a tenth of the known ones",
    tests: "Test pushes an hour",
  },

  refusedLogins: {
    title: "Refused logins",
    lead: "Refused attempts of the last seven days to log in as this domain or an account under it. They include your own PBXes with a wrong password, but anyone can try, under any name.",
    text: "{when}, from {source}: {reason}",
    times: "{count} times",
    reasons: {
      unknown: "the domain was not registered",
      suspended: "suspended by the operator",
      "old-password": "a replaced password that is no longer valid",
      "wrong-password": "wrong password",
    },
  },

  accounts: {
    title: "Accounts with a password of their own",
    text: "The operator of this service set them up and can end them. They end automatically when the domain's registration is deleted or someone else gets the domain.",
    active: "{account}, since {when}",
    suspended: "{account}, since {when}, suspended",
  },

  secret: {
    title: "Password",
    issued: "The current password was issued on {when}. This page does not show it.",
    previous: "An old password, issued on {when}, works until {until}.",
    stillUsed: "PBXes connected with it: {count}",
    endOld: "End old password now",
    endOlder: "End old passwords now",
    endOldHint: "PBXes that still use one are disconnected until you enter the current one.",
    replaceHint:
      "PBXes that use the current password keep working with it for 7 days, so you have time to enter the new one everywhere. At most two old passwords stay valid; one that no PBX has used, or else the oldest, stops working first.",
    replace: "Replace password",
    newTitle: "Your new password",
    newLead: "Copy these into the Push object of your PBX, and of every slave and standby.",
    newOnce: "This page shows the password once. Copy it now.",
    newOld: "PBXes that use the old password keep working with it for 7 days.",
    newTaken: "The domain is yours now. PBXes that used the previous password are disconnected.",
    back: "Back to the domain",
  },

  address: {
    title: "Address",
    present: "{email} owns the domain.",
    text: "To hand the domain to another address, we email that address. Nothing changes until it confirms within 24 hours. The password stays the same.",
    field: "New email address",
    submit: "Email the new address",
    waiting: "We've emailed {to}, who can confirm until {until}.",
    cancel: "Cancel the change",
  },

  /** Label of the field for the domain's name, before a step that nobody is to take by accident. */
  confirmName: "To confirm, type the domain: {domain}",

  release: {
    title: "Delete registration",
    text: "The password stops working immediately, PBXes are disconnected, and anyone can register the domain. This cannot be undone.",
    claimed:
      "You cannot delete the registration while someone is claiming the domain. If you do not object, the operator of this service can give it to them.",
    submit: "Delete registration",
    doneTitle: "Registration deleted",
    doneText: "{domain} is no longer registered. Its password is no longer valid.",
  },

  claim: {
    title: "Someone is claiming this domain",
    text: "{claimant} proved control of this domain through DNS on {when}.",
    until: "You can object until {until}. After that, the operator of this service decides.",
    passed: "The time to object ended on {until}. The operator of this service decides.",
    objected: "You objected on {when}. The operator of this service decides.",
    object: "Object",
    mineTitle: "Your claim to {domain}",
    mineText:
      "You proved control of this domain through DNS on {when}. It is already in use. If it has an owner, we email them about your claim.",
    mineWaiting: "An objection is possible until {until}.",
    mineObjected: "Its owner objected on {when}.",
    mineNext:
      "The operator of this service decides, and we'll email you. Leave the record in the DNS until then: we check it once more.",
  },

  successor: {
    title: "Take over {domain}?",
    text: "The owner of this domain wants to hand it to you. If you confirm, you manage it from now on: its password, its PBXes and its address. The password stays the same; replace it if only you should know it.",
    until: "You can confirm until {until}. If you do not, nothing changes.",
    submit: "Take over",
  },

  /** Behind a link with a single purpose. */
  scopedLink: {
    title: "The domain's page",
    object: "That link stays in your mailbox for days, so all it lets you do is see the claim and object to it.",
    done: "This link has done its job.",
    hint: "To do more, request a link to the whole page, sent to {email}. It works for an hour.",
    ask: "Request a link",
  },

  proof: {
    title: "Prove control through DNS",
    unrelatedTitle: "Prove that {domain} is yours",
    unrelatedText: "If you control the domain's DNS, add this record, then check it here.",
    ownText: "Add this record to the DNS of your domain, then check it here.",
    type: "The record's type is TXT.",
    name: "Name",
    relative: "Name within {zone}",
    whichName:
      "Some DNS providers want the whole name, others the part before their zone. Enter the one yours asks for.",
    value: "Value",
    until: "The value is for your address only and expires on {until}.",
    check: "Check record",
    /** What the DNS says now. */
    seen: {
      title: "In the DNS now",
      never: "Not checked yet.",
      found: "The record is there, with the right value. Click “{button}” to finish.",
      none: "There is no TXT record at this name.",
      others: "The TXT records at this name have a different value:",
      more: "and {count} more",
      unreachable: "The domain's name servers did not answer.",
      at: "Checked {when}.",
      auto: "This page keeps checking while it is open.",
      stopped: "This page no longer checks by itself. Click “{button}” to check again.",
    },
    wait: "A new record can take some minutes to become visible. You can come back later with another link.",
    nextTitle: "What happens next",
    next: [
      "If nobody has proved control of the domain, it becomes yours immediately, with a new password.",
      "If someone else has proved control of it, or the operator of this service set it up, you make a claim. If it has an owner, we email them, and they have 7 days to object. After that, the operator of this service decides.",
      "If nobody has registered it, you can register it right away.",
    ],
    freeTitle: "The domain is free",
    freeText: "{domain} is not registered. Register it in the Connect window.",
    freeLink: "Open the Connect window",
  },

  /** The result of a step, shown above the page that follows it. */
  said: {
    "old-ended": "Old passwords are no longer valid.",
    "address-asked": "We've emailed the new address.",
    "address-cancelled": "The change is cancelled. The address stays the same.",
    "address-confirmed": "You now own the domain.",
    proven: "Control of the domain is proved.",
    objected: "We've recorded your objection. The operator of this service decides.",
    claimed:
      "Your record is correct. The domain is already in use. If it has an owner, we email them about your claim.",
    missing:
      "The record was not found, or has a different value. Compare name and value, and try again in a few minutes.",
    unreachable: "The domain's name servers did not answer. Try again in a few minutes.",
    stale: "The password has already been replaced, perhaps by a double click. Nothing was changed this time.",
    "bad-address": "Enter a valid email address.",
    "not-confirmed": "What you typed does not match the domain. Nothing was changed.",
    "not-yours": "You can no longer do this: the domain has changed in the meantime.",
    suspended: "The domain is suspended. Nothing was changed.",
    "test-accepted":
      "The test push was accepted, and no failure was reported within 8 seconds. Only the phone itself shows whether it woke up.",
    "test-gone": "The phone's app was removed, or has a new token. Open the app and have the PBX send a push again.",
    "test-bad-message":
      "Apple or Google rejects the messages for this phone. Wait ten minutes and try again; if it happens again, contact the operator of this service.",
    "test-app-down":
      "Apple or Google is not accepting pushes for this app right now. If that does not change, contact the operator of this service.",
    "test-failed": "The test push got no answer, so it may or may not arrive. Try again in a few minutes.",
    "test-unlisted": "This phone is no longer among the recent pushes. Nothing was sent. Choose another one.",
    "test-forgotten": "This service no longer knows this phone for your domain. Nothing was sent. Call its user first.",
    "test-shared":
      "Another domain has used this phone too, and may be the one that uses it now. Nothing was sent. Choose a phone that only your domain uses.",
    "test-limited": "Your domain has sent all test pushes of this hour. Try again in the next hour.",
    "other-claim": "Another claim to this domain is open. Try again when it has been decided.",
    "release-claimed":
      "Someone is claiming this domain. You cannot delete its registration until the claim is decided. If you do not object, the operator can give it to them.",
    nothing: "There is nothing to do: it has already been done, or has expired.",
    same: "Nothing was changed: it is already set that way.",
    limited: "Too many attempts. Try again later.",
    scope: "The link you used does not allow this. Nothing was changed. Request a link to the domain's page.",
    conflict: "Someone else has changed the domain in the meantime. Check it and try again.",
  },
};
