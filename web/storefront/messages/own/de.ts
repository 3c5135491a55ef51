import type { OwnMessages } from "./en.ts";

/** Was die Seiten einer Person sagen. */
export const ownDe: OwnMessages = {
  ways: "Ihre Seiten",
  pages: { bookings: "Meine Buchungen", wallet: "Tickets", account: "Konto" },
  loading: "Einen Moment …",
  trouble:
    "Das ist gerade nicht erreichbar. Ihre Tickets und Ihr Geld sind sicher. Bitte in einer Minute noch einmal versuchen.",
  needsScript: "Diese Seite braucht JavaScript. Ihre Tickets stehen auch in Ihrer E-Mail.",
  account: {
    known: "Wer Sie sind",
    why: "An diese Adresse gehen Tickets und Nachrichten zu Ihren Buchungen. Sonst sieht sie niemand.",
    name: "Name",
    email: "E-Mail-Adresse für Tickets",
    save: "Speichern",
    saved: "Gespeichert.",
    refused: "Bitte einen Namen und eine E-Mail-Adresse angeben.",
    out: "Abmelden",
    outWhy:
      "Ihre Tickets bleiben auf diesem Gerät, damit sie auch ohne Netz da sind. An einem Gerät, das auch andere benutzen, melden Sie sich am Ende besser ab.",
    outHere: "Hier abmelden",
    outEverywhere: "Überall abmelden",
    signInFirst: "Hier sind Sie schon abgemeldet. Um überall abzumelden, melden Sie sich erst an.",
  },
  notices: {
    heading: "Was wir Ihnen schreiben",
    always: "Tickets, Geld, das zurückgeht, und geänderte Vorstellungen kommen immer per E-Mail.",
    byMail: "Außerdem per E-Mail",
    bySms: "Per SMS",
    mail: {
      reminders: "Am Tag vor einer Vorstellung",
      holds: "Plätze, die ich nicht rechtzeitig bezahlt habe",
      offers: "Plätze, auf die ich warte",
    },
    sms: {
      changes: "Eine Vorstellung fällt aus oder wird verlegt",
      reminders: "Am Tag vor einer Vorstellung",
    },
    phone: "Telefonnummer mit Ländervorwahl",
    language: "Sprache der Nachrichten",
    save: "Nachrichten speichern",
    refused: "Für SMS braucht es eine Telefonnummer wie +49 30 901820.",
    returned: "E-Mails an Ihre Adresse kommen zurück. Geben Sie oben bitte eine andere an.",
  },
  bookings: {
    upcoming: "Demnächst",
    past: "Früher",
    noneUpcoming: "Nichts gebucht. Eine neue Buchung steht einige Sekunden nach dem Buchen hier.",
    nonePast: "Noch nichts.",
    more: "Mehr zeigen",
    states: {
      paid: "Bezahlt",
      toPay: "Wartet auf Ihre Zahlung",
      taking: "Ihre Zahlung wird eingezogen",
      returned: "Zurückgegeben",
      showCancelled: "Die Vorstellung ist abgesagt, Ihr Geld kommt zurück",
      over: "Nicht rechtzeitig bezahlt",
    },
    seats: (count) => (count === 1 ? "1 Platz" : `${count} Plätze`),
    back: (sum) => `${sum} zurück`,
    pay: "Jetzt bezahlen",
    open: "Buchung",
    openOf: (title) => `Buchung: ${title}`,
    tickets: "Tickets",
    ticketsOf: (title) => `Tickets: ${title}`,
    received: "Von anderen bekommen",
    sendAgain: {
      open: "Tickets noch einmal schicken",
      openOf: (title) => `Tickets noch einmal schicken: ${title}`,
      done: "Ihre Tickets sind unterwegs an die Adresse in Ihrem Konto.",
      wait: (minutes) =>
        `Sie wurden vor Kurzem geschickt. Bitte auch bei unerwünschter Post nachsehen. In ${minutes === 1 ? "einer Minute" : `${minutes} Minuten`} können sie noch einmal geschickt werden.`,
      refusals: {
        TICKET_NOT_LIVE: "Von diesen Tickets gehört Ihnen keines mehr.",
        RATE_LIMITED: "Das war oft. Bitte einige Minuten warten und noch einmal versuchen.",
        OFFLINE: "Es gibt gerade keine Verbindung. Bitte später noch einmal versuchen.",
      },
    },
    giveBack: {
      open: "Zurückgeben",
      openOf: (title) => `Zurückgeben: ${title}`,
      sure: (count) =>
        count === 1
          ? "Dieses Ticket zurückgeben? Es öffnet keine Tür mehr, und der Platz wird wieder verkauft. Gebühren können einbehalten werden."
          : `Alle ${count} Tickets zurückgeben? Sie öffnen keine Tür mehr, und die Plätze werden wieder verkauft. Gebühren können einbehalten werden.`,
      yes: "Ja, zurückgeben",
      no: "Nein, behalten",
      done: (sum) => `Zurückgegeben. ${sum} sind auf dem Weg zu Ihnen.`,
      refusals: {
        REFUND_NOT_ALLOWED: "Der Veranstalter nimmt diese Tickets nicht mehr zurück.",
        TICKET_NOT_LIVE: "Diese Tickets sind schon zurückgegeben.",
        OFFLINE: "Es gibt gerade keine Verbindung. Bitte später noch einmal versuchen.",
      },
    },
  },
  waitingList: {
    title: "Warteliste",
    why: "Plätze werden wieder frei, wenn jemand nicht zahlt oder Tickets zurückgibt. Sie werden für Leute auf dieser Liste gehalten, in der Reihenfolge der Einträge und je nachdem, ob die Gruppe passt. Niemand sonst bekommt sie in der Zwischenzeit.",
    needsScript: "Diese Seite braucht JavaScript.",
    wish: "Worauf warten Sie?",
    partySize: "Wie viele sind Sie?",
    together: "Nebeneinander in einer Reihe oder gar nicht",
    more: "Rollstühle und Preise",
    accessible: "Davon Rollstuhlplätze",
    companions: "Davon Begleitpersonen von Menschen im Rollstuhl",
    prices: "Nur zu diesen Preisen (keiner gewählt: jeder)",
    join: "Auf die Warteliste",
    soon: "Sie stehen auf der Liste.",
    ahead: (count, said) =>
      count === 0
        ? "Sie sind als Nächste dran."
        : count === 1
          ? "Ein Eintrag steht vor Ihrem."
          : `${said} Einträge stehen vor Ihrem.`,
    party: (count) => (count === 1 ? "Für eine Person." : `Für ${count} Personen.`),
    byMail:
      "Sobald es Plätze für Sie gibt, kommt eine E-Mail, wenn Sie diese nicht abbestellt haben. Diese Seite muss nicht offen bleiben.",
    whichMail: "Wohin gehen E-Mails, und welche?",
    offered: "Es gibt Plätze für Sie",
    until: (moment) =>
      `Die Plätze werden bis zum ${moment} für Sie gehalten und gehen dann an die Nächsten.`,
    toOffer: "Ansehen und bezahlen",
    leave: "Liste verlassen",
    sureToLeave: "Die Liste verlassen? Wer wiederkommt, steht hinter allen anderen.",
    decline: "Plätze weitergeben",
    sureToDecline: "Diese Plätze an die Nächsten weitergeben? Damit verlassen Sie die Liste.",
    yes: "Ja",
    stay: "Nein, bleiben",
    keep: "Nein, behalten",
    ended: {
      served: "Sie haben die Plätze, auf die Sie gewartet haben. Sie können auf weitere warten.",
      declined:
        "Sie haben Ihr Angebot weitergegeben. Sie können wieder auf die Liste, hinter den anderen.",
      lapsed:
        "Ein Angebot wurde nicht rechtzeitig bezahlt. Sie können wieder auf die Liste, hinter den anderen.",
      left: "Sie haben die Liste verlassen. Sie können wieder darauf, hinter den anderen.",
      closed: "Diese Liste ist zu Ende: Die Vorstellung ist abgesagt oder ihr Verkauf vorbei.",
    },
    refusals: {
      WAITING_LIST_CLOSED: "Es sind Plätze frei. Wählen Sie Ihre auf der Seite der Vorstellung.",
      MERELY_HELD:
        "Kein Platz ist frei, aber manche Plätze werden nur gehalten und können in einigen Minuten frei werden. Sehen Sie dann noch einmal auf die Seite der Vorstellung.",
      WAITING_WISH_IMPOSSIBLE:
        "Solche Plätze gibt es in diesem Saal nicht, auch wenn er leer ist. Bitte weniger nebeneinander, andere Preise oder keine Rollstuhlplätze wählen.",
      SEAT_LIMIT_REACHED:
        "Damit hätten Sie mehr Plätze dieser Vorstellung, als eine Person haben darf. Bitte weniger wählen.",
      REQUEST_INVALID: "So geht es nicht. Bitte weniger Plätze oder weniger Preise wählen.",
      SEATS_TOO_MANY: "Die Vorstellung hat sich geändert. Bitte die Seite neu laden.",
      PRICE_UNKNOWN: "Die Preise haben sich geändert. Bitte die Seite neu laden.",
      SHOW_CANCELLED: "Diese Vorstellung ist abgesagt.",
      SHOW_NOT_ON_SALE: "Diese Vorstellung ist nicht im Verkauf.",
      BOOKING_CLOSED: "Diese Plätze werden gerade bezahlt.",
      RATE_LIMITED: "Das war oft. Bitte einige Minuten warten und es noch einmal versuchen.",
      OFFLINE: "Es gibt keine Verbindung. Bitte noch einmal versuchen, wenn es eine gibt.",
    },
  },
  wallet: {
    none: "Keine Tickets für demnächst.",
    home: "Was läuft",
    section: "Bereich",
    row: "Reihe",
    seat: "Platz",
    codeOf: (seat) => `Der Code des Tickets für ${seat}`,
    cancelled: "Diese Vorstellung ist abgesagt.",
    kept: (moment) =>
      `Wir sind gerade nicht erreichbar. Das sind Ihre Tickets, wie sie am ${moment} waren.`,
  },
  handOn: {
    open: "Weitergeben",
    openOf: (seat) => `Weitergeben: ${seat}`,
    why: "Die Person bekommt eine E-Mail mit einem Link. Bis sie das Ticket annimmt, gehört es Ihnen. Danach öffnet Ihr Code keine Tür mehr.",
    name: "Name der Person",
    email: "E-Mail-Adresse der Person",
    send: "Ticket anbieten",
    close: "Nicht anbieten",
    somebody: "jemandem",
    offered: (name, until) =>
      `Sie haben dieses Ticket ${name} angeboten. Es kann bis ${until} angenommen werden. Bis dahin gehört es Ihnen.`,
    takeBack: "Ticket behalten",
    takeBackOf: (seat) => `Ticket behalten: ${seat}`,
    kept: "Sie behalten das Ticket. Der Link in der E-Mail öffnet nichts mehr.",
    refusals: {
      REQUEST_INVALID: "Bitte einen Namen und eine E-Mail-Adresse angeben.",
      TRANSFER_OPEN: "Dieses Ticket ist schon jemandem angeboten.",
      TRANSFER_CLOSED: "Dieses Ticket wurde angenommen. Es gehört jetzt jemand anderem.",
      TRANSFERS_EXHAUSTED:
        "Dieses Ticket wurde fünfmal angeboten. Es kann nicht noch einmal angeboten werden.",
      TICKET_NOT_LIVE: "Dieses Ticket gilt nicht mehr.",
      TICKET_NOT_FOUND: "Dieses Ticket gehört Ihnen nicht mehr.",
      TICKET_ENTERED: "Mit diesem Ticket ist schon jemand hineingegangen.",
      SHOW_BEGUN: "Die Vorstellung hat begonnen.",
      SHOW_CANCELLED: "Diese Vorstellung ist abgesagt.",
      RATE_LIMITED: "Das war oft. Bitte einige Minuten warten und noch einmal versuchen.",
      OFFLINE: "Es gibt gerade keine Verbindung. Bitte später noch einmal versuchen.",
    },
  },
  signIn: {
    heading: "Anmelden",
    why: "Wir schicken Ihnen einen Code per E-Mail. Es gibt kein Passwort.",
    email: "Ihre E-Mail-Adresse",
    send: "Code schicken",
    sent: (email) => `Wir haben einen Code an ${email} geschickt.`,
    code: "Die sechs Ziffern aus der E-Mail",
    go: "Anmelden",
    again: "Noch einen Code schicken",
    againIn: (seconds) => `Noch einen Code schicken (in ${seconds} s)`,
    other: "Eine andere Adresse",
    refusals: {
      SIGN_IN_CODE_WRONG:
        "Das ist nicht der Code aus unserer neuesten E-Mail. Bitte noch einmal nachsehen.",
      SIGN_IN_CODE_OVER: "Dieser Code gilt nicht mehr. Lassen Sie sich einen neuen schicken.",
      SIGN_IN_MAIL_REFUSED: "An diese Adresse kommt keine E-Mail an. Steckt ein Fehler darin?",
      SIGN_IN_NOT_OFFERED: "Hier kann sich niemand per E-Mail anmelden.",
      REQUEST_INVALID: "Das sieht nicht nach einer E-Mail-Adresse aus.",
      RATE_LIMITED: "Das war oft. Bitte einige Minuten warten und noch einmal versuchen.",
      OFFLINE: "Es gibt gerade keine Verbindung. Bitte später noch einmal versuchen.",
    },
    trouble:
      "Die Anmeldung ist gerade nicht erreichbar. Bitte in einer Minute noch einmal versuchen.",
  },
};
