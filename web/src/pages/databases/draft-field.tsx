import { Plus, X } from 'lucide-react';
import { emptyDraft, hint, type Draft, type DraftErrors, type SatsType, type Typespace } from '@/platform/databases';
import { Button, IconButton } from '@/ui/button';
import { Field, Select } from '@/ui/field';

interface DraftFieldProps {
  readonly types: Typespace;
  readonly type: SatsType;
  readonly label: string;
  /** Its name in the errors. */
  readonly place: string;
  readonly draft: Draft;
  readonly errors: DraftErrors;
  readonly onChange: (draft: Draft) => void;
}

/** Where a value of any type is entered; parts of it are fields of their own. */
export function DraftField(field: DraftFieldProps) {
  const { types, type, label, place, draft, errors, onChange } = field;
  switch (draft.kind) {
    case 'text':
      return <Field label={`${label} (${types.words(type)})`} aria-label={label} mono value={draft.text} placeholder={hint(types, type)} error={errors.get(place)} onChange={(event) => onChange({ kind: 'text', text: event.target.value })} />;
    case 'flag':
      return <Check label={label} on={draft.on} onChange={(on) => onChange({ kind: 'flag', on })} />;
    case 'option':
      return (
        <Group label={`${label} (${types.words(type)})`}>
          <Check label={`${label} is given`} on={draft.present} onChange={(present) => onChange({ ...draft, present })} />
          {draft.present && <DraftField {...field} type={types.optional(type) ?? type} draft={draft.inner} onChange={(inner) => onChange({ ...draft, inner })} />}
        </Group>
      );
    case 'choice':
      return <ChoiceField {...field} draft={draft} />;
    case 'list':
      return <ListField {...field} draft={draft} />;
    case 'fields':
      return <ProductField {...field} draft={draft} />;
  }
}

function ChoiceField({ draft, ...field }: DraftFieldProps & { readonly draft: Draft & { readonly kind: 'choice' } }) {
  const { types, type, label, place, onChange } = field;
  const sum = types.resolve(type);
  const variants = sum.kind === 'sum' ? sum.variants : [];
  const chosen = variants[draft.variant];
  return (
    <Group label={`${label} (${types.words(type)})`}>
      <Select label={label} hideLabel value={String(draft.variant)} options={variants.map(({ name }, index) => ({ value: String(index), label: name }))}
        onChange={(value) => onChange({ kind: 'choice', variant: Number(value), inner: emptyDraft(types, variants[Number(value)]?.type ?? type, 1) })} />
      {chosen !== undefined && !types.isUnit(chosen.type) && (
        <DraftField {...field} type={chosen.type} label={chosen.name} place={`${place}.${chosen.name}`} draft={draft.inner} onChange={(inner) => onChange({ ...draft, inner })} />
      )}
    </Group>
  );
}

function ListField({ draft, ...field }: DraftFieldProps & { readonly draft: Draft & { readonly kind: 'list' } }) {
  const { types, type, label, place, onChange } = field;
  const array = types.resolve(type);
  const element = array.kind === 'array' ? array.element : type;
  return (
    <Group label={`${label} (${types.words(type)})`}>
      {draft.items.map((item, index) => (
        // eslint-disable-next-line react/no-array-index-key -- elements have no identity but their place
        <div key={index} className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <DraftField {...field} type={element} label={`${label} ${index + 1}`} place={`${place}[${index}]`} draft={item} onChange={(changed) => onChange({ kind: 'list', items: draft.items.map((old, at) => (at === index ? changed : old)) })} />
          </div>
          <IconButton label={`Remove ${label} ${index + 1}`} onClick={() => onChange({ kind: 'list', items: draft.items.filter((_, at) => at !== index) })}><X size={14} /></IconButton>
        </div>
      ))}
      <div><Button small icon={<Plus size={13} />} onClick={() => onChange({ kind: 'list', items: [...draft.items, emptyDraft(types, element, 1)] })}>Add to {label}</Button></div>
    </Group>
  );
}

function ProductField({ draft, ...field }: DraftFieldProps & { readonly draft: Draft & { readonly kind: 'fields' } }) {
  const { types, type, label, place, onChange } = field;
  const product = types.resolve(type);
  const elements = product.kind === 'product' ? product.elements : [];
  return (
    <Group label={`${label} (${types.words(type)})`}>
      {elements.map((element, index) => (
        <DraftField {...field} key={element.name} type={element.type} label={element.name} place={`${place}.${element.name}`} draft={draft.items[index] ?? emptyDraft(types, element.type)}
          onChange={(changed) => onChange({ kind: 'fields', items: elements.map((other, at) => (at === index ? changed : (draft.items[at] ?? emptyDraft(types, other.type)))) })} />
      ))}
    </Group>
  );
}

function Group({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-2 border-l-2 border-line pl-3">
      <legend className="mb-1 text-small font-medium text-muted">{label}</legend>
      {children}
    </fieldset>
  );
}

function Check({ label, on, onChange }: { readonly label: string; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} className="accent-accent-strong" /> {label}
    </label>
  );
}
