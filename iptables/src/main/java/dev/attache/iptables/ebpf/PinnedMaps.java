package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.MapSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The maps of one attachment, open. Owned by one attach, detach or status. */
final class PinnedMaps implements AutoCloseable {
    private final Pins pins;
    private final Map<MapSpec, BpfMap> open = new LinkedHashMap<>();
    private final List<MapSpec> unpinned = new ArrayList<>();

    private PinnedMaps(Pins pins) {
        this.pins = pins;
    }

    /**
     * Opens the pinned maps and creates those that are not, without pinning them yet.
     *
     * @throws EbpfException if a pinned map has another shape than this version's
     */
    static PinnedMaps openOrCreate(Pins pins) throws IOException {
        PinnedMaps maps = new PinnedMaps(pins);
        try {
            for (MapSpec spec : Maps.all()) {
                maps.openOrCreate(spec);
            }
            return maps;
        } catch (IOException | RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    /** Opens the maps that are pinned. */
    static PinnedMaps openExisting(Pins pins) throws IOException {
        PinnedMaps maps = new PinnedMaps(pins);
        try {
            for (MapSpec spec : Maps.all()) {
                if (Files.exists(pins.map(spec.name()))) {
                    maps.open.put(spec, BpfMap.open(spec, pins.map(spec.name())));
                }
            }
            return maps;
        } catch (IOException | RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    private void openOrCreate(MapSpec spec) throws IOException {
        if (!Files.exists(pins.map(spec.name()))) {
            open.put(spec, BpfMap.create(spec));
            unpinned.add(spec);
            return;
        }
        BpfMap map = BpfMap.open(spec, pins.map(spec.name()));
        open.put(spec, map);
        if (!map.info().fits(spec)) {
            throw EbpfException.usage(
                    "the map pinned at "
                            + pins.map(spec.name())
                            + " was made by another version; detach first, then attach");
        }
    }

    /** Pins the maps that were created; returns how many. */
    int pin() throws KernelException {
        for (MapSpec spec : unpinned) {
            get(spec).pin(pins.map(spec.name()));
        }
        int pinned = unpinned.size();
        unpinned.clear();
        return pinned;
    }

    BpfMap get(MapSpec spec) {
        BpfMap map = find(spec);
        if (map == null) {
            throw new IllegalStateException("map " + spec.name() + " is not open");
        }
        return map;
    }

    @Nullable BpfMap find(MapSpec spec) {
        return open.get(spec);
    }

    @Override
    public void close() throws KernelException {
        for (BpfMap map : open.values()) {
            map.close();
        }
        open.clear();
    }
}
