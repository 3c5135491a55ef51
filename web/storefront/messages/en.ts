import { ownEn } from "./own/en.ts";

/** All that the shop says. A sentence with something in it is a function. */
export const en = {
  name: "English",
  frame: {
    skip: "Skip to the content",
    home: "Marquee, what is on",
    main: "Main",
    languages: "Language",
    foot: "Every seat is sold once. Every payment ends as a ticket or goes back.",
  },
  home: {
    title: "What is on",
    description:
      "Films, concerts, theatre, comedy and sport, with the seat that you choose yourself.",
    heading: (where: string, when: string) => ["What is on", when, where].filter(Boolean).join(" "),
    inCity: (city: string) => `in ${city}`,
    onDay: (day: string) => `on ${day}`,
    days: {
      today: "today",
      tonight: "tonight",
      tomorrow: "tomorrow",
      "this-weekend": "this weekend",
    },
    dayChoices: {
      "": "Any day",
      today: "Today",
      tonight: "Tonight",
      tomorrow: "Tomorrow",
      "this-weekend": "This weekend",
    },
    anyCity: "All cities",
    city: "City",
    date: "Date",
    show: "Show",
    when: "When",
    what: "What",
    everything: "Everything",
    nothing: "Nothing is on here at this time.",
    nothingHint: "Try another day or another city.",
  },
  results: {
    title: (text: string) => (text === "" ? "Search" : `“${text}”`),
    count: (titles: number) => (titles === 1 ? "1 title" : `${titles} titles`),
    nothing: "Nothing was found.",
    nothingHint: "Try other words, or fewer.",
    nearest: (without: string) =>
      `Nothing fits all of that. This is the nearest, without ${without}.`,
    dropped: { date: "the day", place: "the place", word: (word: string) => `“${word}”` },
    more: "More",
    first: "From the beginning",
    filters: "Filter",
    facets: {
      city: "City",
      genre: "Genre",
      language: "Language",
      format: "Format",
      availability: "Seats",
      date: "Day",
    },
    without: (value: string) => `${value}: take away`,
    sort: "Order",
    sorts: { relevance: "Best fit", date: "Soonest first", price: "Cheapest first" },
    moreShows: (count: number) => (count === 1 ? "1 more show" : `${count} more shows`),
  },
  venue: {
    onMap: "On a map",
    description: (name: string, city: string) => `What is on at ${name}, ${city}.`,
  },
  title: {
    kinds: {
      film: "Film",
      concert: "Concert",
      theatre: "Theatre",
      comedy: "Comedy",
      sport: "Sport",
    },
    shows: "Shows",
    noShows: "No shows are planned at the moment.",
    age: (rating: string) => `Age ${rating}`,
    spoken: (language: string) => `In ${language}`,
    duration: "Length",
    with: (people: string) => `With ${people}`,
  },
  show: {
    from: (price: string) => `from ${price}`,
    when: "When",
    where: "Where",
    limit: (seats: number) => `At most ${seats} for each person`,
    prices: "Prices",
    fee: (fee: string) => `${fee} fee in it`,
    price: "Price",
    section: "Section",
    freeSeats: "Free",
    soldOutHere: "Sold out",
    choose: "Choose your seats",
    withoutScript:
      "To choose seats, this page needs JavaScript. What is free was counted some seconds ago.",
    line: "Many people want this show: there is a line, and everybody is let in by turn.",
    toLine: "Stand in line",
    toWaitingList: "Tell me when seats come back",
    phases: {
      cancelled: {
        title: "This show is cancelled",
        text: "Whoever has bought tickets gets the whole price back, fees included. A mail says when.",
      },
      past: { title: "This show is over", text: "Perhaps there are others." },
      closed: {
        title: "Tickets are not sold online any more",
        text: "Ask at the box office of the venue.",
      },
      sold_out: {
        title: "Sold out at the moment",
        text: "Seats come back when somebody does not pay or gives tickets back. The waiting list offers them in turn, by mail.",
      },
    },
    opensAt: (moment: string) => `The sale opens on ${moment}`,
    opensIn: (left: string) => `in ${left}`,
    presale: (names: string) =>
      `Until then only for: ${names}. Whoever has the code can choose below.`,
    description: (title: string, venue: string, city: string, day: string, time: string) =>
      `${title} at ${venue}, ${city}, on ${day} at ${time}. Choose your seats and pay in a minute.`,
    otherShows: "All shows of this title",
    availability: {
      available: "Seats available",
      few: "Few seats left",
      sold_out: "Sold out",
      cancelled: "Cancelled",
    },
  },
  search: {
    label: "Search for shows",
    placeholder: "Film, artist, venue, city",
    go: "Search",
    suggestions: "Suggestions",
    suggested: (count: number) => (count === 1 ? "1 suggestion" : `${count} suggestions`),
    kinds: { title: "Title", person: "Person", venue: "Venue", city: "City" },
  },
  own: ownEn,
  notFound: {
    title: "This page is not here",
    text: "The show may be over, or the address has a slip in it.",
    home: "See what is on",
  },
  trouble: {
    title: "This did not work",
    text: "Something is away for a moment. Your tickets and your money are safe. Try again in a minute.",
    again: "Try again",
  },
};

export type Messages = typeof en;
