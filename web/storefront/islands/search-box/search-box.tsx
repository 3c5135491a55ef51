import { useEffect, useId, useRef, useState } from "preact/hooks";

import { useSpeech } from "../../speech/use-speech.tsx";
import { askSuggestions } from "./ask-suggestions.ts";
import type { Suggestion } from "./ask-suggestions.ts";

/** Words to look for, with what they may become while somebody types. Without a script it is a form as any other. */
export function Island({ text }: { text: string }) {
  const { words } = useSpeech();
  const [typed, setTyped] = useState(text);
  const { shown, chosen, open, close, onKeyDown } = useChoice(useSuggestions(typed));
  const listId = useId();

  return (
    <form class="search-box" action="/search" role="search">
      <label class="unseen" for={`${listId}-q`}>
        {words.search.label}
      </label>
      <input
        {...{ id: `${listId}-q`, name: "q", type: "search", value: typed, maxLength: 200 }}
        placeholder={words.search.placeholder}
        autocomplete="off"
        role="combobox"
        list={undefined}
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls={`${listId}-list`}
        aria-activedescendant={shown[chosen] && `${listId}-${chosen}`}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          open();
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <button class="act main">{words.search.go}</button>
      <ul
        id={`${listId}-list`}
        role="listbox"
        aria-label={words.search.suggestions}
        hidden={shown.length === 0}
      >
        {shown.map((suggestion, index) => (
          <Choice
            key={suggestion.href}
            {...{ suggestion, id: `${listId}-${index}`, isChosen: index === chosen }}
          />
        ))}
      </ul>
      <p class="unseen" role="status">
        {shown.length > 0 && words.search.suggested(shown.length)}
      </p>
    </form>
  );
}

function Choice({
  suggestion,
  id,
  isChosen,
}: {
  suggestion: Suggestion;
  id: string;
  isChosen: boolean;
}) {
  const { kinds } = useSpeech().words.search;
  return (
    // The field keeps the focus: a mouse that takes it away would close the list before it has chosen.
    <li
      {...{ id, role: "option", "aria-selected": isChosen }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => location.assign(suggestion.href)}
    >
      <span>
        {suggestion.parts.map(({ text, marked }) => (marked ? <mark>{text}</mark> : text))}
      </span>
      <small>{kinds[suggestion.kind]}</small>
    </li>
  );
}

/** Which of the suggestions one is at: -1 is what was typed. */
function useChoice(suggestions: Suggestion[]) {
  const [chosen, setChosen] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? suggestions : [];
  function show(isShown: boolean): void {
    setOpen(isShown);
    setChosen(-1);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && shown.length > 0) {
      // The first one closes the list; browsers empty the field with the next.
      event.preventDefault();
      show(false);
    }
    const suggestion = shown[chosen];
    if (event.key === "Enter" && suggestion !== undefined) {
      event.preventDefault();
      location.assign(suggestion.href);
    }
    if (step === undefined || suggestions.length === 0) return;
    event.preventDefault();
    setOpen(true);
    const stops = suggestions.length + 1;
    setChosen(((chosen + 1 + step + stops) % stops) - 1);
  }

  return { shown, chosen, open: () => show(true), close: () => show(false), onKeyDown };
}

/** Asks when somebody has paused, and forgets answers to what is not asked any more. */
function useSuggestions(typed: string): Suggestion[] {
  const [found, setFound] = useState<Suggestion[]>([]);
  const isFirst = useRef(true);
  useEffect(() => {
    // What the page came with was asked already.
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    if (typed.trim() === "") {
      setFound([]);
      return undefined;
    }
    const left = new AbortController();
    const ask = async () => {
      const answered = await askSuggestions(typed, left.signal);
      if (!left.signal.aborted) setFound(answered);
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [typed]);
  return found;
}

// Most people type faster: a word costs one question.
const pauseMs = 150;
