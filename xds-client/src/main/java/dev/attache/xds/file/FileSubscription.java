package dev.attache.xds.file;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.Takeover;
import dev.attache.xds.Turns;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.mux.Decoder;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription whose control plane is a file ({@code path_config_source}). The file is read at
 * the start and whenever it is replaced by a move, with a watched directory whenever anything is
 * moved there, or with a poll interval whenever that is over. Main loop only.
 */
public final class FileSubscription {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final MainLoop loop;
    private final ResourceType type;
    private final FileSource source;
    private final ResponseFileReader reader;
    private final ResourceWatcher watcher;
    private final SubscriptionStats stats;
    private final UpdateJournal.Stream journal;
    private final Turns turns;
    private Set<String> names;
    private FileWatcher.@Nullable Registration registration;
    private MainLoop.@Nullable Timer poll;
    private boolean closed;

    /**
     * Starts watching; the first read follows as a task of its own.
     *
     * @throws IOException if the file does not exist or cannot be watched
     */
    public FileSubscription(
            MainLoop loop,
            FileWatcher files,
            ResourceType type,
            FileSource source,
            ResponseFileReader reader,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats,
            UpdateJournal.Stream journal)
            throws IOException {
        this.loop = loop;
        this.type = type;
        this.source = source;
        this.reader = reader;
        this.names = Set.copyOf(names);
        this.watcher = watcher;
        this.stats = stats;
        this.journal = journal;
        this.turns = new Turns(loop);
        if (!Files.exists(source.file())) {
            throw new IOException(
                    "paths must refer to an existing path in the system: '"
                            + source.file()
                            + "' does not exist");
        }
        if (source.pollInterval().isZero()) {
            this.registration = watch(files);
            loop.execute(this::refresh);
        } else {
            loop.execute(this::poll);
        }
    }

    private FileWatcher.Registration watch(FileWatcher files) throws IOException {
        Path directory = source.watchedDirectory();
        return directory == null
                ? files.onReplaced(source.file(), this::refresh)
                : files.onAnyMoveInto(directory, this::refresh);
    }

    private void poll() {
        if (!closed) {
            refresh();
            poll = loop.schedule(source.pollInterval(), this::poll);
        }
    }

    /** Changes the names that are handed to the watcher, and reads the file again. */
    public void names(Set<String> next) {
        names = Set.copyOf(next);
        loop.execute(this::refresh);
    }

    public void close() {
        closed = true;
        turns.close();
        journal.closed();
        if (registration != null) {
            registration.cancel();
        }
        if (poll != null) {
            poll.cancel();
        }
    }

    private void refresh() {
        if (closed) {
            return;
        }
        stats.updateAttempt();
        List<XdsResource> resources;
        DiscoveryResponse response;
        try {
            // A file need not say the type of the response; its resources say theirs.
            response = reader.read(source.file()).toBuilder().setTypeUrl(type.typeUrl()).build();
            resources = Decoder.state(response, "").resources();
        } catch (IOException | Decoder.Malformed | RuntimeException e) {
            LOG.warn("Filesystem config update failure: {}", e.getMessage());
            stats.updateFailure();
            journal.lost(String.valueOf(e.getMessage()));
            watcher.onFailure(FetchFailure.UPDATE_REJECTED, String.valueOf(e.getMessage()));
            return;
        }
        List<XdsResource> wanted =
                names.isEmpty()
                        ? resources
                        : resources.stream().filter(each -> names.contains(each.name())).toList();
        if (wanted.isEmpty() && !resources.isEmpty() && names.size() == 1) {
            String unexpected = unexpected(resources.getFirst().name());
            journal.response(type, response.getVersionInfo(), "", 1).answered(unexpected);
            refuse(unexpected);
            return;
        }
        turns.add(new Content(wanted, response.getVersionInfo()));
    }

    /** One content of the file on its way to the watcher. */
    private final class Content implements Turns.Work {
        private final List<XdsResource> resources;
        private final String version;
        private final UpdateJournal.Response response;
        private @Nullable Takeover takeover;

        Content(List<XdsResource> resources, String version) {
            this.resources = resources;
            this.version = version;
            this.response = journal.response(type, version, "", resources.size());
        }

        @Override
        public boolean step() {
            response.enter();
            try {
                return piece();
            } finally {
                response.leave();
            }
        }

        private boolean piece() {
            UpdateOutcome outcome;
            try {
                if (takeover == null) {
                    takeover = watcher.takeState(resources, version);
                }
                outcome = takeover.step();
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.warn("a resource watcher failed on an update", e);
                outcome = UpdateOutcome.rejected(String.valueOf(e.getMessage()));
            }
            if (outcome == null) {
                return false;
            }
            if (outcome instanceof UpdateOutcome.Rejected(String message)) {
                response.answered(message);
                refuse(message);
            } else {
                response.answered(null);
                stats.updateSuccess(version, loop.now());
            }
            return true;
        }

        @Override
        public @Nullable CompletableFuture<?> awaits() {
            return takeover == null ? null : takeover.awaits();
        }
    }

    private void refuse(String message) {
        LOG.warn("Filesystem config update rejected: {}", message);
        stats.updateRejected();
        watcher.onFailure(FetchFailure.UPDATE_REJECTED, message);
    }

    /** A file for one resource that holds another, in the words of who asked for it. */
    private String unexpected(String found) {
        String kind =
                type == ResourceType.ROUTE
                        ? "RDS configuration"
                        : type == ResourceType.ENDPOINT
                                ? "EDS cluster"
                                : type == ResourceType.SECRET ? "SDS secret" : "resource";
        return "Unexpected %s (expecting %s): %s".formatted(kind, names.iterator().next(), found);
    }
}
