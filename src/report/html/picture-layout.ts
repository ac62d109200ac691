/** Where everything in the picture stands. Pure geometry, in units of the drawing. */
import type { Picture, PictureCategory, PictureNode } from './view.ts';

export interface Frame {
  readonly width: number;
  /** Room beside the columns for the lines between resources of one side. */
  readonly margin: number;
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** From one row to the next. */
  readonly pitch: number;
  readonly sharedWidth: number;
  /** What is shared stands between the two columns, or above them where there is no room between. */
  readonly shared: 'between' | 'above';
}

export const wide: Frame = {
  width: 1080,
  margin: 84,
  nodeWidth: 306,
  nodeHeight: 23,
  pitch: 28,
  sharedWidth: 190,
  shared: 'between',
};

export const narrow: Frame = {
  width: 340,
  margin: 24,
  nodeWidth: 130,
  nodeHeight: 34,
  pitch: 40,
  sharedWidth: 200,
  shared: 'above',
};

export interface Placed {
  readonly node: PictureNode;
  readonly side: 'source' | 'shared' | 'target';
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Layout {
  readonly frame: Frame;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly headings: readonly { readonly category: PictureCategory; readonly y: number }[];
  /** Path data of the references. */
  readonly lines: readonly string[];
  /** Path data from what reaches into the source to the source. */
  readonly breaches: readonly string[];
  /** Where the names of the columns stand. */
  readonly titles: {
    readonly source: Point;
    readonly target: Point;
    readonly shared: Point | null;
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const titleHeight = 34;
const headingHeight = 30;
const gapAfterCategory = 8;

export function layOut(picture: Picture, frame: Frame): Layout {
  const { width, margin, nodeWidth, nodeHeight, pitch } = frame;
  const x = { source: margin, target: width - margin - nodeWidth, shared: (width - frame.sharedWidth) / 2 };
  const above = frame.shared === 'above' && picture.shared.length > 0;
  const columnsFrom = above ? titleHeight + picture.shared.length * pitch + 12 : 0;

  const nodes: Placed[] = [];
  const headings: { category: PictureCategory; y: number }[] = [];
  let y = columnsFrom + titleHeight;
  let category: PictureCategory | null = null;
  for (const row of picture.rows) {
    if (row.category !== category) {
      if (category !== null) y += gapAfterCategory;
      headings.push({ category: row.category, y: y + 18 });
      y += headingHeight;
      category = row.category;
    }
    for (const side of ['source', 'target'] as const) {
      const node = row[side];
      if (node) nodes.push({ node, side, x: x[side], y, width: nodeWidth });
    }
    y += pitch;
  }
  const sharedHeight = picture.shared.length * pitch;
  const columnsHeight = y - columnsFrom - titleHeight;
  const sharedFrom = above ? titleHeight : titleHeight + Math.max(0, (columnsHeight - sharedHeight) / 2);
  picture.shared.forEach((node, index) => {
    nodes.push({
      node,
      side: 'shared',
      x: x.shared,
      y: sharedFrom + index * pitch,
      width: frame.sharedWidth,
    });
  });
  const middle = (at: number, wideness: number): number => at + wideness / 2;
  return {
    frame,
    height: Math.max(y, sharedFrom + sharedHeight) + 4,
    nodes,
    headings,
    lines: linesOf(picture, nodes, frame, columnsHeight),
    breaches: nodes
      .filter(({ side, node }) => side === 'target' && node.reachesSource)
      .map((placed) => {
        const at = placed.y + nodeHeight / 2;
        return `M${placed.x} ${at}H${x.source + nodeWidth}`;
      }),
    titles: {
      source: { x: middle(x.source, nodeWidth), y: columnsFrom + 20 },
      target: { x: middle(x.target, nodeWidth), y: columnsFrom + 20 },
      shared:
        picture.shared.length === 0 ? null : { x: middle(x.shared, frame.sharedWidth), y: sharedFrom - 10 },
    },
  };
}

/** References within one side run outside of its column, those to what is shared run between the columns. */
function linesOf({ references }: Picture, nodes: readonly Placed[], frame: Frame, tallest: number): string[] {
  const at = new Map(nodes.map((placed) => [`${placed.side} ${placed.node.key}`, placed]));
  return (['source', 'target'] as const).flatMap((side) =>
    references.flatMap(({ from, to }): string[] => {
      const start = at.get(`${side} ${from}`);
      if (start === undefined) return [];
      const end = at.get(`${side} ${to}`);
      if (end) return [arc(start, end, frame, tallest)];
      const shared = at.get(`shared ${to}`);
      return shared ? [toShared(start, shared, frame)] : [];
    }),
  );
}

const middleOf = ({ y }: Placed, { nodeHeight }: Frame): number => y + nodeHeight / 2;

/** The further apart, the wider the bow. */
function arc(start: Placed, end: Placed, frame: Frame, tallest: number): string {
  const [y1, y2] = [middleOf(start, frame), middleOf(end, frame)];
  // A curve comes three quarters of the way to its control points.
  const bow = (frame.margin - 4) * Math.sqrt(Math.abs(y2 - y1) / Math.max(tallest, 1)) * (4 / 3);
  const [x, out] =
    start.side === 'source' ? [start.x, start.x - bow] : [start.x + start.width, start.x + start.width + bow];
  return `M${x} ${y1}C${round(out)} ${y1} ${round(out)} ${y2} ${x} ${y2}`;
}

function toShared(start: Placed, shared: Placed, frame: Frame): string {
  const y1 = middleOf(start, frame);
  const fromSource = start.side === 'source';
  const x1 = fromSource ? start.x + start.width : start.x;
  if (frame.shared === 'between') {
    const y2 = middleOf(shared, frame);
    const x2 = fromSource ? shared.x : shared.x + shared.width;
    const half = (x1 + x2) / 2;
    return `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}`;
  }
  // Up through the gap between the columns.
  const lane = frame.width / 2 + (fromSource ? -7 : 7);
  return `M${x1} ${y1}Q${lane} ${y1} ${lane} ${y1 - 14}V${shared.y + frame.nodeHeight}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
