// Made of steering.ts by Publish; change that file.
const KEYS = {
    ArrowLeft: [-1, 0], KeyA: [-1, 0], ArrowRight: [1, 0], KeyD: [1, 0], ArrowUp: [0, -1], KeyW: [0, -1], ArrowDown: [0, 1], KeyS: [0, 1],
};
const FULL = 40;
/** Where somebody wants to go: by the keys, by holding the mouse, or by drawing a finger over the garden. */
export class Steering {
    garden;
    pressed = new Set();
    pointer = null;
    stick = null;
    constructor(canvas, garden, commands) {
        this.garden = garden;
        addEventListener('keydown', (event) => {
            if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey)
                return;
            const isButton = event.target instanceof HTMLButtonElement;
            if (event.code in KEYS)
                this.pressed.add(event.code);
            else if (event.code === 'Space' && !isButton)
                commands.attack();
            else if (event.code === 'KeyH' && !event.repeat)
                commands.heal();
            else
                return;
            event.preventDefault();
        });
        addEventListener('keyup', (event) => this.pressed.delete(event.code));
        addEventListener('blur', () => this.pressed.clear());
        canvas.addEventListener('pointerdown', (event) => {
            canvas.setPointerCapture(event.pointerId);
            const point = { x: event.clientX, y: event.clientY };
            if (event.pointerType === 'mouse')
                this.pointer = point;
            else
                this.stick = { from: point, to: point };
        });
        canvas.addEventListener('pointermove', (event) => {
            const point = { x: event.clientX, y: event.clientY };
            if (this.pointer !== null)
                this.pointer = point;
            if (this.stick !== null)
                this.stick = { from: this.stick.from, to: point };
        });
        for (const end of ['pointerup', 'pointercancel']) {
            canvas.addEventListener(end, () => {
                this.pointer = null;
                this.stick = null;
            });
        }
    }
    /** The direction from a place in the garden, 1 long at most; null if nobody steers. */
    direction(from) {
        if (this.stick !== null)
            return shortened((this.stick.to.x - this.stick.from.x) / FULL, (this.stick.to.y - this.stick.from.y) / FULL);
        if (this.pointer !== null) {
            const to = this.garden.placeAt(this.pointer.x, this.pointer.y);
            return shortened((to.x - from.x) / 4, (to.y - from.y) / 4);
        }
        if (this.pressed.size === 0)
            return null;
        let x = 0;
        let y = 0;
        for (const key of this.pressed) {
            x += KEYS[key]?.[0] ?? 0;
            y += KEYS[key]?.[1] ?? 0;
        }
        return shortened(x, y);
    }
}
/** A direction that is 1 long at most. */
export function shortened(x, y) {
    const length = Math.max(1, Math.hypot(x, y));
    return { x: x / length, y: y / length };
}
