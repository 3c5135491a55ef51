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
    free: "Free",
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
