/** A box to tick, and what it stands for. */
export function Choice(props: {
  label: string;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}) {
  return (
    <label class="own-choice">
      <input
        type="checkbox"
        checked={props.isChosen}
        onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
