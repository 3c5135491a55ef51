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
    outWhy: "An einem Gerät, das auch andere benutzen, melden Sie sich am Ende besser ab.",
    outHere: "Hier abmelden",
    outEverywhere: "Überall abmelden",
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
  wallet: {
    none: "Keine Tickets für demnächst.",
    home: "Was läuft",
    section: "Bereich",
    row: "Reihe",
    seat: "Platz",
    codeOf: (seat) => `Der Code des Tickets für ${seat}`,
    cancelled: "Diese Vorstellung ist abgesagt.",
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
