import { clsx } from 'clsx';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong; shown below and announced. */
  readonly error?: string | undefined;
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A labelled line of text. */
export function Field({ label, hint, error, mono = false, className, ...rest }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={clsx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-small font-medium text-muted">{label}</label>
      <input
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={note !== undefined ? `${id}-note` : undefined}
        autoComplete="off"
        spellCheck={false}
        className={clsx(
          'h-8 w-full rounded-control border bg-surface px-2.5 text-body text-fg placeholder:text-faint focus-visible:outline-offset-0',
          mono && 'font-mono',
          error !== undefined ? 'border-err' : 'border-line-strong',
        )}
        {...rest}
      />
      {note !== undefined && (
        <p id={`${id}-note`} role={error !== undefined ? 'alert' : undefined} className={clsx('text-small', error !== undefined ? 'text-err' : 'text-faint')}>
          {note}
        </p>
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly hideLabel?: boolean;
  readonly disabled?: boolean;
}

/** A labelled choice of one. */
export function Select({ label, value, onChange, options, hideLabel = false, disabled = false }: SelectProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-small font-medium text-muted'}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 rounded-control border border-line-strong bg-surface px-2 text-body text-fg disabled:opacity-50"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>{option.label}</option>
        ))}
      </select>
    </div>
  );
}
