export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  return (
    <button type="button" class="act main" onClick={onSignedIn}>
      Continue
    </button>
  );
}
