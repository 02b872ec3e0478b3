import { useId, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { SettingsService, type Settings } from '@/platform/settings/settings';
import { chooseTheme, theme, type ThemeChoice } from '@/platform/theme';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { useValue } from '@/ui/use-value';
import { SideHeader } from '@/workbench/side-area';
import { useService } from '@/workbench/workbench-context';

type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];
type SwitchKey = { [K in keyof Settings]: Settings[K] extends boolean ? K : never }[keyof Settings];

/** How the IDE looks and behaves, for this browser. */
export function SettingsView() {
  const settings = useService(SettingsService);
  const choice = useStore(theme, (state) => state.choice);
  const { typeChecking } = useValue(settings.store);
  return (
    <>
      <SideHeader title="Settings" />
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
        <Group title="Appearance">
          <Select
            label="Theme"
            value={choice}
            onChange={(value) => chooseTheme(value as ThemeChoice)}
            options={[{ value: 'system', label: 'As the system' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]}
          />
        </Group>
        <Group title="Editor">
          <NumberSetting name="fontSize" label="Font size" unit="px" least={8} most={32} step={1} />
          <NumberSetting name="tabSize" label="Tab size" unit="spaces" least={1} most={8} step={1} />
          <Switch name="wordWrap" label="Wrap long lines" />
          <Switch name="minimap" label="Minimap" />
          <Switch name="lineNumbers" label="Line numbers" />
          <Switch name="renderWhitespace" label="Show spaces and tabs" />
          <Switch name="vim" label="Vim keys" />
        </Group>
        <Group title="Saving">
          <NumberSetting name="saveIdleSeconds" label="Save after a pause of" unit="s" least={0.2} most={60} step={0.1} />
          <NumberSetting name="saveAtMostSeconds" label="While typing, save every" unit="s" least={1} most={300} step={1} />
          <Switch name="formatOnSave" label="Format Python on Ctrl+S" />
        </Group>
        <Group title="Python">
          <Switch name="installMissing" label="Install imported packages before a run" />
          <Select
            label="Type checking"
            value={typeChecking}
            onChange={(value) => settings.set('typeChecking', value as Settings['typeChecking'])}
            options={[{ value: 'off', label: 'Off' }, { value: 'basic', label: 'Basic' }, { value: 'standard', label: 'Standard' }, { value: 'strict', label: 'Strict' }]}
          />
        </Group>
        <Group title="Terminal">
          <NumberSetting name="terminalFontSize" label="Font size" unit="px" least={8} most={32} step={0.5} />
        </Group>
        <Button small className="mt-4" onClick={() => settings.reset()}>Reset to defaults</Button>
      </div>
    </>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="mt-3 flex flex-col gap-2 border-t border-line pt-2 first:mt-0 first:border-0">
      <legend className="float-left mb-1 w-full text-small font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}

function NumberSetting({ name, label, unit, least, most, step }: { readonly name: NumberKey; readonly label: string; readonly unit: string; readonly least: number; readonly most: number; readonly step: number }) {
  const settings = useService(SettingsService);
  const value = useValue(settings.store)[name];
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="flex-1 text-muted">{label}</label>
      <input
        id={id}
        type="number"
        min={least}
        max={most}
        step={step}
        value={value}
        onChange={(event) => {
          const wanted = event.target.valueAsNumber;
          if (Number.isFinite(wanted)) settings.set(name, Math.min(most, Math.max(least, wanted)));
        }}
        className="h-7 w-16 rounded-control border border-line-strong bg-surface px-2 text-right"
      />
      <span className="w-10 text-meta text-faint">{unit}</span>
    </div>
  );
}

function Switch({ name, label }: { readonly name: SwitchKey; readonly label: string }) {
  const settings = useService(SettingsService);
  const isOn = useValue(settings.store)[name];
  return (
    <label className="flex h-7 items-center gap-2 text-muted">
      <span className="flex-1">{label}</span>
      <input type="checkbox" checked={isOn} onChange={(event) => settings.set(name, event.target.checked)} className="size-4 accent-accent-strong" />
    </label>
  );
}
