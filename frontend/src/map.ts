// The map itself: MapLibre over the stream. It knows nothing of panels; it
// takes a style and tells what the pointer touches.

import {
  Map as Maplibre,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type MapTouchEvent,
  type PointLike,
} from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Bounds, Place } from './api';
import type { FeatureCollection } from 'geojson';
import { glyphImages } from './glyph';
import { WORLD } from './layer/backdrop';
import { LOCAL_FONTS, type LayerOptions } from './layer/layer';
import { reducedMotion } from './motion';
import { parseKey, tileKey } from './stream/protocol';
import { TILES } from './stream/source';
import type { DragTaker, Drawn } from './state.svelte';
import { replayFilters } from './layer/replay';
import type { ReplayPiece } from './works/api';
import {
  DRAWN,
  drawnData,
  keepDrawn,
  mapStyle,
  MAX_TILE_ZOOM,
  MIN_ZOOM,
  PLAN,
  REPLAY,
  replayData,
  SOURCE,
  TOUCHABLE,
  type Mark,
} from './style';

setWorkerUrl(worker);

export interface Touched {
  layer: string;
  id: string;
  county: string;
  /** Of a piece of road: its segment of the inventory; else empty. */
  segment: string;
  properties: Record<string, unknown>;
  x: number;
  y: number;
}

export interface MapCallbacks {
  hover(touched: Touched | null): void;
  pick(touched: Touched): void;
  moved(place: { zoom: number; lat: number; lon: number }, bounds: Bounds, bearing: number): void;
  /** The first picture stands, with all its tiles. */
  drawn(): void;
  /** A picture of a backdrop did not come. */
  backdropFailed(): void;
}

export interface MapStart {
  /** Address of its tiles, when they are not those of the screen's own stream. */
  tiles?: string;
  place: { zoom: number; lat: number; lon: number } | null;
  bounds: Bounds | null;
  padding: PaddingEdges;
}

/** Pixels round the pointer in which a thing is touched. */
const REACH = 5;
const PIXEL_RATIO = 2;
/** Layers of which the rest stands back while the pointer rests on one thing. */
const DIMMED = new Set(['road', 'village', 'move', 'relocation_site', 'water_project', 'facility']);
const REST_MS = 140;

export class MapRoom {
  readonly map: Maplibre;
  readonly #tiles: string;
  #callbacks: MapCallbacks;
  #dimming: ReturnType<typeof setTimeout> | undefined;
  #day: number | null = null;
  #pieces: ReplayPiece[] | null = null;
  #taker: ((place: Place) => void) | null = null;
  #dragger: DragTaker | null = null;
  #dragging = false;
  readonly #drawn = new Map<string, Drawn[]>();
  #planned: FeatureCollection | null = null;
  #hovered: { sourceLayer: string; id: string | number } | null = null;

  constructor(container: HTMLElement, options: LayerOptions, start: MapStart, callbacks: MapCallbacks) {
    this.#callbacks = callbacks;
    this.#tiles = start.tiles ?? TILES;
    this.map = new Maplibre({
      container,
      style: mapStyle(options, null, this.#tiles),
      ...(start.place
        ? { center: [start.place.lon, start.place.lat], zoom: start.place.zoom }
        : start.bounds
          ? { bounds: start.bounds, fitBoundsOptions: { padding: start.padding } }
          : { center: [104.7, 27.1], zoom: 8 }),
      minZoom: 4,
      maxZoom: 18,
      attributionControl: false,
      localIdeographFontFamily: LOCAL_FONTS,
      // The stream keeps its own tiles and knows which are stale; a second cache would not.
      maxTileCacheSize: 0,
      dragRotate: true,
      fadeDuration: reducedMotion() ? 0 : 150,
    });
    this.map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 110 }), 'bottom-left');
    this.map.on('style.load', () => {
      this.#addGlyphs();
      // A plan may be there before the style is.
      if (this.#planned) this.plan(this.#planned);
      this.#tellPlace();
    });
    this.#addGlyphs();
    this.#listen(container);
  }

  #addGlyphs(): void {
    for (const theme of ['light', 'dark'] as const) {
      for (const { id, data } of glyphImages(theme, PIXEL_RATIO)) {
        if (!this.map.hasImage(id)) this.map.addImage(id, data, { pixelRatio: PIXEL_RATIO });
      }
    }
  }

  #listen(container: HTMLElement): void {
    const { map } = this;
    map.on('mousemove', (event) => {
      this.#hover(event);
    });
    map.on('mouseout', () => {
      this.#setHovered(null);
      this.#callbacks.hover(null);
    });
    map.on('click', (event) => {
      if (this.#taker) {
        this.#taker([event.lngLat.lng, event.lngLat.lat]);
        return;
      }
      const feature = this.#held(event) ? undefined : this.#at(event, REACH + 2);
      if (feature) this.#callbacks.pick(touched(feature, event));
    });
    map.on('mousedown', (event) => {
      this.#startDrag(event);
    });
    map.on('touchstart', (event) => {
      if (event.points.length === 1) this.#startDrag(event);
    });
    for (const kind of ['mousemove', 'touchmove'] as const)
      map.on(kind, (event) => {
        if (this.#dragging) this.#dragger?.move(event.lngLat.toArray());
      });
    for (const kind of ['mouseup', 'touchend'] as const)
      map.on(kind, (event) => {
        if (this.#dragging) this.#dragger?.up(event.lngLat.toArray());
        this.#dragging = false;
      });
    map.on('moveend', () => {
      this.#tellPlace();
    });
    map.on('rotate', () => {
      this.#tellPlace();
    });
    map.on('movestart', () => {
      container.dataset['map'] = 'moving';
    });
    map.on('dataloading', () => {
      container.dataset['map'] = 'loading';
    });
    map.on('idle', () => {
      container.dataset['map'] = 'idle';
    });
    map.on('error', (event) => {
      const { sourceId = '' } = event as { sourceId?: string };
      if (sourceId.startsWith('backdrop-')) this.#callbacks.backdropFailed();
    });
    map.once('load', () => {
      this.#tellPlace();
      this.#callbacks.drawn();
    });
  }

  #tellPlace(): void {
    const center = this.map.getCenter();
    const box = this.map.getBounds();
    this.#callbacks.moved(
      { zoom: this.map.getZoom(), lat: center.lat, lon: center.lng },
      [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
      this.map.getBearing(),
    );
  }

  /** The uppermost thing within `reach` pixels of the pointer; townships come last. */
  #at(event: MapMouseEvent, reach: number): MapGeoJSONFeature | undefined {
    const { x, y } = event.point;
    const box: [PointLike, PointLike] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    const layers = TOUCHABLE.filter((id) => this.map.getLayer(id) && id !== 'region-fill');
    const [near] = this.map.queryRenderedFeatures(box, { layers });
    return near ?? this.map.queryRenderedFeatures(event.point, { layers: ['region-fill'] })[0];
  }

  /** Whether a drag taker has this place to itself. */
  #held(event: MapMouseEvent): boolean {
    return this.#dragger !== null && (this.#dragger.near?.(event.lngLat.toArray()) ?? true);
  }

  #hover(event: MapMouseEvent): void {
    if (this.#taker || this.#dragging) return;
    if (this.#dragger && this.#held(event)) {
      if (this.#dragger.near) this.map.getCanvas().style.cursor = 'grab';
      return;
    }
    const feature = this.#at(event, REACH);
    this.map.getCanvas().style.cursor = feature && feature.sourceLayer !== 'region' ? 'pointer' : '';
    this.#setHovered(feature ?? null);
    this.#callbacks.hover(feature ? touched(feature, event) : null);
  }

  #setHovered(feature: MapGeoJSONFeature | null): void {
    const before = this.#hovered;
    const id = feature?.id;
    const now = feature?.sourceLayer && id !== undefined ? { sourceLayer: feature.sourceLayer, id } : null;
    if (before?.id === now?.id && before?.sourceLayer === now?.sourceLayer) return;
    if (before) this.map.setFeatureState({ source: SOURCE, ...before }, { hover: false });
    if (now) this.map.setFeatureState({ source: SOURCE, ...now }, { hover: true });
    this.#hovered = now;
    clearTimeout(this.#dimming);
    const layer = now && DIMMED.has(now.sourceLayer) ? now.sourceLayer : '';
    // Only what the pointer rests on: the map must not flicker under a moving hand.
    this.#dimming = setTimeout(() => this.map.setGlobalStateProperty('hovering', layer), REST_MS);
  }

  /** Draws with other colours, language, legend or selection; tiles stay. */
  restyle(options: LayerOptions, mark: Mark | null): void {
    this.map.setStyle(mapStyle({ ...options, day: this.#day }, mark, this.#tiles), {
      diff: true,
      transformStyle: keepDrawn,
    });
  }

  /** Shows the works of a day, or (null) as they are now. The caller restyles when it goes on or off. */
  replay(pieces: ReplayPiece[], day: number | null): void {
    this.#day = day;
    if (pieces !== this.#pieces) {
      this.#pieces = pieces;
      void this.map.getSource<GeoJSONSource>(REPLAY)?.setData(replayData(pieces));
    }
    if (day === null) return;
    for (const [id, filter] of Object.entries(replayFilters(day))) {
      if (this.map.getLayer(id)) this.map.setFilter(id, filter);
    }
  }

  /** Draws what belongs to one owner over the map, in place of what it drew before. */
  draw(owner: string, features: Drawn[]): void {
    if (features.length === 0 && !this.#drawn.has(owner)) return;
    if (features.length > 0) this.#drawn.set(owner, features);
    else this.#drawn.delete(owner);
    const source = this.map.getSource<GeoJSONSource>(DRAWN);
    void source?.setData(drawnData([...this.#drawn.values()].flat()));
  }

  /** Draws a plan; one without features draws none. */
  plan(data: FeatureCollection): void {
    this.#planned = data;
    void this.map.getSource<GeoJSONSource>(PLAN)?.setData(data);
  }

  /** Lays sea, lakes and rivers of the world under the map. */
  world(data: FeatureCollection): void {
    void this.map.getSource<GeoJSONSource>(WORLD)?.setData(data);
  }

  /** While a taker is set, a click gives it the place and picks nothing. */
  takePoints(taker: ((place: Place) => void) | null): void {
    this.#taker = taker;
    this.map.getCanvas().style.cursor = taker ? 'crosshair' : '';
  }

  /** While a drag taker is set, the drags that it claims are its own and do not move the map. */
  takeDrag(taker: DragTaker | null): void {
    this.#dragger = taker;
    this.#dragging = false;
    this.map.getCanvas().style.cursor = taker && !taker.near ? 'crosshair' : '';
  }

  #startDrag(event: MapMouseEvent | MapTouchEvent): void {
    if (!this.#dragger?.down(event.lngLat.toArray())) return;
    this.#dragging = true;
    event.preventDefault();
  }

  /** The tiles of the stream that lie on the map now. */
  shown(): string[] {
    return this.map
      .coveringTiles({ tileSize: 512, minzoom: MIN_ZOOM, maxzoom: MAX_TILE_ZOOM })
      .map(({ canonical: { z, x, y } }) => tileKey(z, x, y));
  }

  /** Has the map ask again for tiles that a change has outdated; the old ones stay until the new are drawn. */
  refresh(keys: string[] | null): void {
    if (!this.map.getSource(SOURCE)) return;
    if (keys) this.map.refreshTiles(SOURCE, keys.map(parseKey));
    else this.map.refreshTiles(SOURCE);
  }

  fly(target: { bounds?: Bounds | null; center?: Place | null }, zoom: number, padding: PaddingEdges): void {
    const options = { padding, maxZoom: zoom, duration: reducedMotion() ? 0 : 700 };
    const { bounds, center } = target;
    if (bounds && (bounds[0] < bounds[2] || bounds[1] < bounds[3])) this.map.fitBounds(bounds, options);
    else if (center) this.map.easeTo({ ...options, center, zoom });
    else if (bounds) this.map.easeTo({ ...options, center: [bounds[0], bounds[1]], zoom });
  }

  name(label: string): void {
    this.map.getCanvas().setAttribute('aria-label', label);
  }

  remove(): void {
    clearTimeout(this.#dimming);
    this.map.remove();
  }
}

export interface PaddingEdges {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

function touched(feature: MapGeoJSONFeature, event: MapMouseEvent): Touched {
  const properties = feature.properties as Record<string, unknown>;
  return {
    // What the screen draws itself says of what layer it is.
    layer: feature.sourceLayer ?? plain(properties['layer']),
    id: plain(properties['id'] ?? feature.id),
    county: plain(properties['county']),
    segment: feature.sourceLayer === 'road' ? plain(properties['segment']) : '',
    properties,
    x: event.point.x,
    y: event.point.y,
  };
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
