package dev.attache.proxy.listener;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ListenerFilterEntry;
import dev.attache.proxy.listener.filter.ListenerFilterPredicate;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.pipeline.FilterOpenException;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a listener on one worker: its listener filters and its chains. Loop-confined; ends
 * when the next version takes over what it keeps of it.
 */
final class ActiveListener {

    private static final Logger LOG = LoggerFactory.getLogger("filter");

    private final OpenListener open;
    private final WorkerListeners owner;
    private final ListenerStats stats;
    private final List<ListenerFilterSpec.Factory> filterFactories = new ArrayList<>();
    private final List<ListenerFilterEntry> filterEntries = new ArrayList<>();
    private final List<ActiveChain> chains = new ArrayList<>();

    /** Entries of connections that find no chain. */
    private List<AccessLog> accessLogs = List.of();

    /** What those logs hold. */
    private final List<Runnable> releases = new ArrayList<>();

    private final @Nullable ActiveChain fallback;

    /** Chains made for this version; the others serve already. */
    private final List<ActiveChain> made = new ArrayList<>();

    /**
     * Opens what is new of a version, beside what serves; nothing changes for connections before
     * {@link #replace}.
     *
     * @param previous chains that are the same are taken over from it
     * @throws FilterOpenException if a filter cannot be opened; nothing is left open then
     */
    ActiveListener(OpenListener open, WorkerListeners owner, @Nullable ActiveListener previous) {
        this.open = open;
        this.owner = owner;
        this.stats = new ListenerStats(open.scope(), owner.worker().index());
        filterEntries.addAll(open.spec().listenerFilters());
        if (open.spec().useOriginalDst()) {
            filterEntries.add(
                    new ListenerFilterEntry(
                            "envoy.filters.listener.original_dst",
                            new dev.attache.proxy.listener.filter.OriginalDstSpec(),
                            null));
        }
        Map<OpenChain, ActiveChain> known = new HashMap<>();
        if (previous != null) {
            previous.allChains().forEach(chain -> known.put(chain.open(), chain));
        }
        boolean complete = false;
        try {
            for (ListenerFilterEntry entry : filterEntries) {
                filterFactories.add(open(entry));
            }
            for (OpenChain chain : open.chains()) {
                chains.add(activate(chain, known));
            }
            this.fallback = open.fallback() == null ? null : activate(open.fallback(), known);
            this.accessLogs = AccessLogs.open(open.spec().accessLogs(), new LogScope());
            complete = true;
        } finally {
            if (!complete) {
                discard();
            }
        }
    }

    /** What the listener's own logs find. */
    private final class LogScope implements AccessLogScope {

        @Override
        public WorkerContext worker() {
            return owner.worker();
        }

        @Override
        public ScopedCalls calls() {
            return owner.surroundings().calls();
        }

        @Override
        public StatsStore stats() {
            return open.scope().store();
        }

        @Override
        public void whenDrained(Runnable release) {
            releases.add(release);
        }
    }

    private ListenerFilterSpec.Factory open(ListenerFilterEntry entry) {
        try {
            return entry.spec().open(owner.worker(), open.scope().store());
        } catch (Throwable e) {
            throw FilterOpenException.of(entry.name(), e);
        }
    }

    private ActiveChain activate(OpenChain chain, Map<OpenChain, ActiveChain> known) {
        ActiveChain kept = known.get(chain);
        if (kept != null) {
            return kept;
        }
        ActiveChain fresh = new ActiveChain(chain, owner, open.spec(), open.scope(), stats);
        made.add(fresh);
        return fresh;
    }

    /** Takes the place of {@code previous}: those of its chains that are not here drain. */
    void replace(@Nullable ActiveListener previous) {
        made.clear();
        if (previous != null) {
            previous.closeFiltersLater();
            List<ActiveChain> stay = allChains();
            for (ActiveChain chain : previous.allChains()) {
                if (!stay.contains(chain)) {
                    chain.beginDrain();
                }
            }
        }
    }

    /** Was never put to work: what was opened for it is closed. */
    void discard() {
        made.forEach(ActiveChain::discard);
        made.clear();
        closeFilters(filterFactories);
        releases.forEach(Runnable::run);
    }

    private void closeFiltersLater() {
        List<ListenerFilterSpec.Factory> gone = List.copyOf(filterFactories);
        List<Runnable> releasing = List.copyOf(releases);
        DrainControl control = owner.drainControl();
        control.later(
                control.drainTimeMillis(),
                () -> {
                    closeFilters(gone);
                    releasing.forEach(Runnable::run);
                });
    }

    private static void closeFilters(List<ListenerFilterSpec.Factory> factories) {
        for (ListenerFilterSpec.Factory factory : factories) {
            try {
                factory.close();
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error("a listener filter threw when its listener closed", e);
            }
        }
    }

    private List<ActiveChain> allChains() {
        List<ActiveChain> all = new ArrayList<>(chains);
        if (fallback != null) {
            all.add(fallback);
        }
        return all;
    }

    ListenerSpec spec() {
        return open.spec();
    }

    OpenListener open() {
        return open;
    }

    ListenerStats stats() {
        return stats;
    }

    /**
     * The filters of one connection; null where the configuration of one is not known.
     *
     * @throws FilterOpenException if one cannot be made
     */
    ListenerFilter @Nullable [] newFilters() {
        ListenerFilter[] filters = new ListenerFilter[filterFactories.size()];
        int made = 0;
        try {
            while (made < filters.length) {
                ListenerFilter filter = filterFactories.get(made).newFilter();
                if (filter == null) {
                    break;
                }
                filters[made++] = filter;
            }
        } catch (Throwable e) {
            finish(filters, made);
            throw FilterOpenException.of(filterName(made), e);
        }
        if (made == filters.length) {
            return filters;
        }
        finish(filters, made);
        return null;
    }

    /** Tells the first filters of one connection that they are done with it. */
    void finish(ListenerFilter[] filters, int count) {
        for (int i = 0; i < count; i++) {
            try {
                filters[i].onDone();
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error("listener filter '{}' threw when it was done", filterName(i), e);
            }
        }
    }

    String filterName(int position) {
        return filterEntries.get(position).name();
    }

    boolean disabled(int position, ConnectionInfo info) {
        ListenerFilterPredicate disabled = filterEntries.get(position).disabled();
        return disabled != null && disabled.matches(info);
    }

    @Nullable ActiveChain findChain(ConnectionInfo info) {
        int found = open.find(info);
        if (found >= 0) {
            return chains.get(found);
        }
        return found == NamedChains.NONE ? null : fallback;
    }

    /** Says of every other chain why {@link #findChain} does not answer with it. */
    void explainChains(ConnectionInfo info, Explanation into) {
        open.explain(info, open.find(info), into);
    }

    List<ListenerFilterEntry> filters() {
        return filterEntries;
    }

    /** A connection has its chain; {@link #uncount} or the connection's end undoes it. */
    void count() {
        ListenerStats.Counts counts = stats.counts();
        counts.downstreamCxTotal.inc();
        counts.downstreamCxActive.inc();
        counts.workerCxTotal.inc();
        counts.workerCxActive.inc();
    }

    void uncount() {
        owner.connectionClosed(stats, open.spec(), null);
    }

    /** The connection belongs to {@code target} from now on. */
    void handOff(ActiveListener target) {
        owner.moved(spec(), target.spec());
    }

    void logUnmatched(ConnectionInfo info) {
        StreamInfo stream = newStream(info);
        stream.flag(ResponseFlag.NR);
        stream.responseCodeDetails("filter_chain_not_found");
        log(stream);
    }

    /** Every connection of a listener that has access logs is logged when it ends. */
    void logClosed(ConnectionInfo info) {
        if (!accessLogs.isEmpty()) {
            log(newStream(info));
        }
    }

    private StreamInfo newStream(ConnectionInfo info) {
        StreamInfo stream = new StreamInfo(info, info.startTimeMillis(), info.startNanos());
        stream.listenerMetadata = open.spec().metadata();
        stream.listenerDirection = open.spec().trafficDirection().ordinal();
        stream.endNanos = owner.worker().nanoTime();
        return stream;
    }

    private void log(StreamInfo stream) {
        AccessLogs.write(
                accessLogs,
                FormatContext.of(stream, null),
                stats.faults().atEndOf(stream.downstream()));
    }

    void beginDrain() {
        closeFiltersLater();
        allChains().forEach(ActiveChain::beginDrain);
    }

    void startShutdown() {
        allChains().forEach(ActiveChain::startShutdown);
    }

    void startDrainSequence() {
        allChains().forEach(ActiveChain::startDrainSequence);
    }
}
