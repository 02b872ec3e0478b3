import { clsx } from 'clsx';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

interface SplitHandleProps {
  readonly label: string;
  readonly orientation: 'vertical' | 'horizontal';
  readonly size: number;
  readonly least: number;
  readonly most: () => number;
  /** 1 if the sized part lies before the handle, -1 if behind it. */
  readonly sign: 1 | -1;
  readonly onResize: (size: number) => void;
  readonly onReset: () => void;
}

const step = 24;

/** A line between two parts of the window that can be dragged, or moved with the arrow keys. */
export function SplitHandle({ label, orientation, size, least, most, sign, onResize, onReset }: SplitHandleProps) {
  const start = useRef<{ at: number; size: number } | null>(null);
  const isVertical = orientation === 'vertical';
  const set = (wanted: number) => onResize(Math.round(Math.min(most(), Math.max(least, wanted))));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { at: isVertical ? event.clientX : event.clientY, size };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current === null) return;
    set(start.current.size + sign * ((isVertical ? event.clientX : event.clientY) - start.current.at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    set(size + sign * direction * step);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a control (ARIA window splitter)
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most()}
      className={clsx('relative z-10 shrink-0 bg-line transition-colors duration-100 hover:bg-accent focus-visible:bg-accent', isVertical ? 'w-px cursor-col-resize' : 'h-px cursor-row-resize')}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => { start.current = null; }}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    >
      <span className={clsx('absolute', isVertical ? 'inset-y-0 -left-1 w-2' : 'inset-x-0 -top-1 h-2')} />
    </div>
  );
}
