import { Component } from "preact";
import { useRef, useState } from "preact/hooks";

import { useSpeech } from "../../speech/use-speech.tsx";
import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import type { Row } from "./hall.ts";
import { isBrowsers } from "./is-browsers.ts";
import { stepInRows } from "./step-in-rows.ts";
import type { Spot } from "./step-in-rows.ts";

type Props = {
  picker: Picker;
  describe: (position: number) => string;
  onTap: (position: number) => void;
};

/** Every seat, section by section, for keyboards and screen readers: one stop for Tab, arrow keys inside. */
export function SeatList(props: Props) {
  const { picker } = props;
  const { seats: words } = useBuyingWords();
  const { number } = useSpeech();
  const { sections } = picker.hall;
  const [sectionId, setSectionId] = useState(sections[0]?.id ?? "");
  const section = sections.find(({ id }) => id === sectionId);
  if (section === undefined) return null;
  return (
    <div class="seat-list">
      <label>
        {words.section}{" "}
        <select
          value={sectionId}
          onChange={({ currentTarget }) => setSectionId(currentTarget.value)}
        >
          {sections.map(({ id, name }) => (
            <option key={id} value={id}>
              {words.sectionFree(name, number(picker.freeIn(id)))}
            </option>
          ))}
        </select>
      </label>
      <p class="soft">{words.listHelp}</p>
      <RowGrid key={sectionId} {...props} name={section.name} rows={section.rows} />
    </div>
  );
}

function RowGrid({
  picker,
  describe,
  onTap,
  name,
  rows,
}: Props & { name: string; rows: readonly Row[] }) {
  const { seats: words } = useBuyingWords();
  const grid = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot>({ row: 0, seat: 0 });
  const xOf = (position: number) => picker.hall.layout.seats[position]?.x ?? 0;

  function press(event: KeyboardEvent): void {
    if (isBrowsers(event)) return;
    const next = stepInRows(rows, spot, event.key, xOf);
    if (next === undefined) return;
    event.preventDefault();
    setSpot(next);
    const cell = `[data-position="${rows[next.row]?.seats[next.seat]}"]`;
    grid.current?.querySelector<HTMLElement>(cell)?.focus();
  }

  return (
    <div class="seat-grid scrolls" role="grid" aria-label={name} ref={grid} onKeyDown={press}>
      {rows.map((row, index) => (
        <SeatRow
          key={row.name}
          row={row}
          title={words.row(row.name)}
          looks={row.seats.map((position) => JSON.stringify(picker.lookOf(position))).join()}
          stop={spot.row === index ? spot.seat : -1}
          {...{ picker, describe }}
          onTap={(seat) => {
            setSpot({ row: index, seat });
            onTap(row.seats[seat] ?? -1);
          }}
        />
      ))}
    </div>
  );
}

type RowProps = Omit<Props, "onTap"> & {
  row: Row;
  title: string;
  /** What its seats look like, as one word: the row is drawn again when it is another. */
  looks: string;
  /** Which of its seats Tab stops at; -1: none. */
  stop: number;
  onTap: (seat: number) => void;
};

/** A hall of 20,000 seats has sections of thousands: a row in which nothing has changed stays as it is. */
class SeatRow extends Component<RowProps> {
  override shouldComponentUpdate({ looks, stop, title }: RowProps): boolean {
    const now = this.props;
    return looks !== now.looks || stop !== now.stop || title !== now.title;
  }

  override render({ row, title, picker, describe, stop }: RowProps) {
    return (
      <div class="seat-row" role="row">
        <span role="rowheader">{title}</span>
        {row.seats.map((position, index) => {
          const { state, kind } = picker.lookOf(position);
          return (
            <span key={position} role="gridcell" aria-selected={state === "chosen"}>
              <button
                type="button"
                class="seat-cell"
                data-state={state}
                data-kind={kind}
                data-position={position}
                tabIndex={index === stop ? 0 : -1}
                aria-label={describe(position)}
                aria-disabled={state !== "free" && state !== "chosen"}
                onClick={() => this.props.onTap(index)}
              >
                {picker.hall.layout.seats[position]?.number}
              </button>
            </span>
          );
        })}
      </div>
    );
  }
}
