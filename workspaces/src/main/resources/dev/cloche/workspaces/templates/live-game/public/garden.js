// Made of garden.ts by Publish; change that file.
import { WORLD } from './schema.js';
/** How high the part of the garden is that is seen at once, in units of the world. */
const VIEW = 112;
const BODY = 4.6;
/** A colour that a player keeps. */
export function colourOf(identity) {
    return `hsl(${(parseInt(identity.slice(-6), 16) * 47) % 360} 62% 52%)`;
}
/** Draws the garden on a canvas, seen from above, in the colours of the style sheet. */
export class Garden {
    canvas;
    pen;
    sparks = [];
    eye = { x: 0, y: 0 };
    scale = 1;
    colours = {};
    isCalm = matchMedia('(prefers-reduced-motion: reduce)');
    constructor(canvas) {
        this.canvas = canvas;
        const pen = canvas.getContext('2d');
        if (pen === null)
            throw new Error('this browser cannot draw');
        this.pen = pen;
        this.readColours();
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.readColours());
    }
    /** A text that rises and fades, with a ring that spreads if it is a hit. */
    spark(x, y, text, colour, ring = false) {
        this.sparks.push({ x, y, text, colour: this.colours[colour] ?? '', ring, age: 0 });
    }
    /** The place in the garden under a point of the page. */
    placeAt(clientX, clientY) {
        const box = this.canvas.getBoundingClientRect();
        return { x: this.eye.x + (clientX - box.left - box.width / 2) / this.scale, y: this.eye.y + (clientY - box.top - box.height / 2) / this.scale };
    }
    draw(scene, seconds, now) {
        const { canvas, pen } = this;
        const density = devicePixelRatio;
        const width = canvas.clientWidth;
        const height = canvas.clientHeight;
        if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
            canvas.width = Math.round(width * density);
            canvas.height = Math.round(height * density);
        }
        this.scale = Math.max(width / (VIEW * 1.5), height / VIEW);
        this.follow(scene.self, width, height, seconds);
        pen.setTransform(density, 0, 0, density, 0, 0);
        pen.fillStyle = this.colour('hedge');
        pen.fillRect(0, 0, width, height);
        pen.translate(width / 2, height / 2);
        pen.scale(this.scale, this.scale);
        pen.translate(-this.eye.x, -this.eye.y);
        this.lawn();
        const sway = this.isCalm.matches ? 0 : now / 1000;
        for (const find of scene.finds)
            this.find(find, sway);
        const figures = [...scene.figures].sort((a, b) => a.y - b.y);
        for (const figure of figures)
            this.figure(figure, figure === scene.self, figure === scene.target, sway);
        this.drawSparks(seconds);
        pen.setTransform(density, 0, 0, density, 0, 0);
        this.map(figures, scene, width);
        if (scene.stick !== null)
            this.stick(scene.stick);
    }
    colour(name) {
        return this.colours[name] ?? '';
    }
    /** The browser works the colours of the style sheet out, for light and for dark. */
    readColours() {
        const probe = document.body.appendChild(document.createElement('i'));
        for (const name of ['ink', 'panel', 'line', 'accent', 'alert', 'lawn', 'lawn-2', 'hedge', 'dew', 'potion', 'shade']) {
            probe.style.color = `var(--${name})`;
            this.colours[name] = getComputedStyle(probe).color;
        }
        probe.remove();
    }
    follow(self, width, height, seconds) {
        const margin = 6;
        const clamp = (value, half) => (half > WORLD + margin ? 0 : Math.max(half - WORLD - margin, Math.min(WORLD + margin - half, value)));
        const x = clamp(self?.x ?? 0, width / 2 / this.scale);
        const y = clamp(self?.y ?? 0, height / 2 / this.scale);
        const part = self === undefined ? 1 : 1 - Math.exp(-seconds * 8);
        this.eye = { x: this.eye.x + (x - this.eye.x) * part, y: this.eye.y + (y - this.eye.y) * part };
    }
    lawn() {
        const { pen } = this;
        pen.fillStyle = this.colour('lawn');
        pen.beginPath();
        pen.roundRect(-WORLD, -WORLD, 2 * WORLD, 2 * WORLD, 8);
        pen.fill();
        pen.save();
        pen.clip();
        pen.fillStyle = this.colour('lawn-2');
        for (let x = -WORLD; x < WORLD; x += 20)
            for (let y = -WORLD; y < WORLD; y += 20)
                if ((x + y) % 40 === 0)
                    pen.fillRect(x, y, 20, 20);
        this.flowers();
        pen.restore();
    }
    /** Tufts and flowers, always at the same places. */
    flowers() {
        const { pen } = this;
        for (let number = 0; number < 90; number++) {
            const x = ((number * 61.8034) % 192) - 96;
            const y = ((number * 37.5077 + number * number * 0.37) % 192) - 96;
            pen.strokeStyle = this.colour('hedge');
            pen.globalAlpha = 0.55;
            pen.lineWidth = 0.35;
            pen.beginPath();
            for (const lean of [-0.9, 0, 0.9]) {
                pen.moveTo(x, y);
                pen.quadraticCurveTo(x + lean / 3, y - 1.2, x + lean, y - 1.9);
            }
            pen.stroke();
            if (number % 3 !== 0)
                continue;
            pen.globalAlpha = 0.8;
            pen.fillStyle = ['#f2c14e', '#e8e8f0', '#e58fb1'][(number / 3) % 3] ?? '';
            pen.beginPath();
            pen.arc(x + 0.9, y - 2.1, 0.65, 0, 2 * Math.PI);
            pen.fill();
        }
        pen.globalAlpha = 1;
    }
    shadow(x, y, size) {
        const { pen } = this;
        pen.fillStyle = this.colour('shade');
        pen.beginPath();
        pen.ellipse(x, y, size, size * 0.4, 0, 0, 2 * Math.PI);
        pen.fill();
    }
    find(find, sway) {
        const { pen } = this;
        const bob = Math.sin(sway * 2.4 + find.id) * 0.5;
        this.shadow(find.position_x, find.position_y + 2.4, 1.8);
        pen.save();
        pen.translate(find.position_x, find.position_y + bob);
        if (find.kind === 'dew') {
            pen.fillStyle = this.colour('dew');
            pen.beginPath();
            pen.moveTo(0, -3.2);
            pen.bezierCurveTo(1.2, -1.2, 2.1, -0.2, 2.1, 0.8);
            pen.arc(0, 0.8, 2.1, 0, Math.PI);
            pen.bezierCurveTo(-2.1, -0.2, -1.2, -1.2, 0, -3.2);
            pen.fill();
            pen.fillStyle = 'rgb(255 255 255 / 75%)';
            pen.beginPath();
            pen.ellipse(-0.8, 0.7, 0.45, 0.8, 0.4, 0, 2 * Math.PI);
            pen.fill();
        }
        else {
            pen.fillStyle = this.colour('potion');
            pen.beginPath();
            pen.roundRect(-0.8, -3.2, 1.6, 2.2, 0.3);
            pen.arc(0, 0.6, 2.3, 0, 2 * Math.PI);
            pen.fill();
            pen.fillStyle = 'white';
            pen.fillRect(-0.4, -0.7, 0.8, 2.6);
            pen.fillRect(-1.3, 0.2, 2.6, 0.8);
        }
        pen.restore();
    }
    figure(figure, isSelf, isTarget, sway) {
        const { pen } = this;
        const { row } = figure;
        const asleep = row.health <= 0;
        pen.save();
        pen.translate(figure.x, figure.y);
        this.shadow(0, BODY * 0.9, BODY);
        if (isSelf || isTarget) {
            pen.strokeStyle = this.colour(isSelf ? 'accent' : 'alert');
            pen.lineWidth = 0.6;
            pen.setLineDash(isTarget ? [2, 1.4] : []);
            pen.beginPath();
            pen.ellipse(0, BODY * 0.9, BODY * 1.45, BODY * 0.6, 0, 0, 2 * Math.PI);
            pen.stroke();
            pen.setLineDash([]);
        }
        pen.globalAlpha = asleep ? 0.45 : 1;
        pen.fillStyle = 'hsl(110 45% 42%)';
        for (const side of [-1, 1]) {
            pen.beginPath();
            pen.ellipse(side * 1.7, -BODY - 1.6, 2.2, 1.1, side * (-0.6 + Math.sin(sway * 3 + figure.x / 9) * 0.12), 0, 2 * Math.PI);
            pen.fill();
        }
        pen.fillStyle = figure.hurt > 0 ? this.colour('alert') : colourOf(row.identity);
        pen.beginPath();
        pen.arc(0, 0, BODY, 0, 2 * Math.PI);
        pen.fill();
        pen.fillStyle = 'rgb(255 255 255 / 22%)';
        pen.beginPath();
        pen.ellipse(-1.4, -1.9, 2.2, 1.5, -0.6, 0, 2 * Math.PI);
        pen.fill();
        this.eyes(figure, asleep);
        pen.globalAlpha = 1;
        this.label(row, isSelf);
        pen.restore();
    }
    eyes(figure, asleep) {
        const { pen } = this;
        const lookX = Math.cos(figure.turn);
        const lookY = Math.sin(figure.turn);
        for (const side of [-1, 1]) {
            const x = side * 1.6 + lookX * 1.1;
            const y = -0.3 + lookY * 0.9;
            if (asleep) {
                pen.strokeStyle = 'white';
                pen.lineWidth = 0.5;
                pen.beginPath();
                pen.arc(x, y, 0.9, 0.2, Math.PI - 0.2);
                pen.stroke();
                continue;
            }
            pen.fillStyle = 'white';
            pen.beginPath();
            pen.arc(x, y, 1.25, 0, 2 * Math.PI);
            pen.fill();
            pen.fillStyle = '#16221a';
            pen.beginPath();
            pen.arc(x + lookX * 0.45, y + lookY * 0.45, 0.65, 0, 2 * Math.PI);
            pen.fill();
        }
    }
    label(row, isSelf) {
        const { pen } = this;
        const size = Math.max(3, 12 / this.scale);
        pen.font = `${isSelf ? 700 : 500} ${size}px system-ui, sans-serif`;
        pen.textAlign = 'center';
        pen.fillStyle = this.colour('ink');
        pen.fillText(row.name, 0, -BODY - 4.2);
        pen.fillStyle = this.colour('shade');
        pen.beginPath();
        pen.roundRect(-5, BODY + 2.6, 10, 1.3, 0.6);
        pen.fill();
        pen.fillStyle = this.colour(row.health > 35 ? 'accent' : 'alert');
        pen.beginPath();
        pen.roundRect(-5, BODY + 2.6, Math.max(0.01, row.health / 10), 1.3, 0.6);
        pen.fill();
    }
    drawSparks(seconds) {
        const { pen } = this;
        for (const spark of this.sparks) {
            spark.age += seconds;
            pen.globalAlpha = Math.max(0, 1 - spark.age);
            if (spark.ring) {
                pen.strokeStyle = spark.colour;
                pen.lineWidth = 0.7;
                pen.beginPath();
                pen.arc(spark.x, spark.y, BODY + (this.isCalm.matches ? 2 : spark.age * 14), 0, 2 * Math.PI);
                pen.stroke();
            }
            pen.font = `700 ${Math.max(4, 15 / this.scale)}px system-ui, sans-serif`;
            pen.textAlign = 'center';
            pen.fillStyle = spark.colour;
            pen.fillText(spark.text, spark.x, spark.y - 8 - spark.age * 8);
        }
        pen.globalAlpha = 1;
        this.sparks = this.sparks.filter(({ age }) => age < 1);
    }
    /** Where everybody is, small in a corner. */
    map(figures, { finds, self }, width) {
        const { pen } = this;
        const size = Math.min(96, width / 4);
        const left = width - size - 12;
        pen.globalAlpha = 0.85;
        pen.fillStyle = this.colour('panel');
        pen.beginPath();
        pen.roundRect(left, 12, size, size, 8);
        pen.fill();
        pen.globalAlpha = 1;
        pen.strokeStyle = this.colour('line');
        pen.lineWidth = 1;
        pen.stroke();
        const dot = (x, y, radius, colour) => {
            pen.fillStyle = colour;
            pen.beginPath();
            pen.arc(left + size / 2 + (x / WORLD) * (size / 2 - 5), 12 + size / 2 + (y / WORLD) * (size / 2 - 5), radius, 0, 2 * Math.PI);
            pen.fill();
        };
        for (const find of finds)
            dot(find.position_x, find.position_y, 1.3, this.colour(find.kind === 'dew' ? 'dew' : 'potion'));
        for (const figure of figures) {
            dot(figure.x, figure.y, figure === self ? 4 : 3, colourOf(figure.row.identity));
            if (figure !== self)
                continue;
            pen.strokeStyle = this.colour('ink');
            pen.lineWidth = 1.5;
            pen.stroke();
        }
    }
    stick({ from, to }) {
        const { pen } = this;
        const box = this.canvas.getBoundingClientRect();
        pen.fillStyle = this.colour('shade');
        for (const [point, size] of [[from, 46], [to, 20]]) {
            pen.beginPath();
            pen.arc(point.x - box.left, point.y - box.top, size, 0, 2 * Math.PI);
            pen.fill();
        }
    }
}
