package dev.attache.server.restart;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.restart.RestartMessage.Kind;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process between the one before it and the one after it. As a child it takes over what its
 * parent serves; as a parent it gives that away when it is asked to. Asked by the thread that
 * starts the server, then by the main loop, never by both at once.
 *
 * <p>A parent that does not answer in time, or dies, is given up with a line in the log: the child
 * goes on alone, with what it has.
 */
public final class HotRestart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** How many processes there were; the parent's part stays when it ends. */
    public static final String GENERATION = "server.hot_restart_generation";

    /** Of a start: what the parent does for it is done between two events of its main loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** While serving: what may keep the main loop. */
    private static final Duration GLANCE = Duration.ofSeconds(2);

    /** As Envoy: times that a parent is looked for, a second apart. */
    private static final int ATTEMPTS = 10;

    private static final int ATTEMPTS_FOR_NUMBER = 100;

    private final long baseId;
    private final @Nullable ChildDoor door;
    private @Nullable ParentLink parent;
    private @Nullable ParentStats stats;
    private boolean statsWanted = true;
    private long parentPid;

    /** It, and no later process of its number; null: it could not be seen from here. */
    private @Nullable ProcessHandle parentProcess;

    private boolean parentEnded;
    private long firstEpochSeconds;

    private HotRestart(long baseId, @Nullable ChildDoor door, @Nullable ParentLink parent) {
        this.baseId = baseId;
        this.door = door;
        this.parent = parent;
    }

    /**
     * Of a server that is one among others in its process, or has {@code --disable-hot-restart}.
     */
    public static HotRestart none() {
        return new HotRestart(0, null, null);
    }

    /**
     * Takes this process's place in the row: its name, and the way to the one before it.
     *
     * @throws RestartException when it has none
     */
    public static HotRestart begin(ServerOptions options) throws RestartException {
        ServerOptions.RestartOptions restart = options.restart();
        if (restart.disableHotRestart()) {
            return none();
        }
        if (!Epoll.isAvailable()) {
            return withoutSockets(restart);
        }
        HotRestart place = restart.restartEpoch() == 0 ? first(restart) : after(restart);
        String file = restart.baseIdPath();
        if (!file.isEmpty()) {
            try {
                Files.writeString(Path.of(file), Long.toString(place.baseId));
            } catch (IOException e) {
                throw new RestartException(
                        "cannot open base id output file " + file + " for writing.", e);
            }
        }
        place.statsWanted = !restart.skipParentStats();
        return place;
    }

    private static HotRestart withoutSockets(ServerOptions.RestartOptions restart)
            throws RestartException {
        if (restart.restartEpoch() > 0) {
            throw new RestartException(
                    "hot restart needs the epoll transport, which is not available: start with"
                            + " --disable-hot-restart");
        }
        return none();
    }

    private static HotRestart first(ServerOptions.RestartOptions restart) throws RestartException {
        if (!restart.useDynamicBaseId()) {
            return firstOf(restart);
        }
        for (int attempt = 0; attempt < ATTEMPTS_FOR_NUMBER; attempt++) {
            long id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE / 10);
            try {
                RestartAddress address = new RestartAddress(restart.socketPath(), id, 0);
                return new HotRestart(id, ChildDoor.bind(address, restart.socketMode()), null);
            } catch (IOException e) {
                LOG.debug("base id {} is taken", id, e);
            }
        }
        throw new RestartException("unable to select a dynamic base id");
    }

    /**
     * Two proxies that were not told apart are no error where nobody has asked for it: the second
     * serves, but nothing can take over from it.
     */
    private static HotRestart firstOf(ServerOptions.RestartOptions restart)
            throws RestartException {
        try {
            return new HotRestart(restart.baseId(), doorOf(restart), null);
        } catch (RestartException e) {
            if (restart.baseIdGiven()) {
                throw e;
            }
            LOG.info("{}: this process cannot be restarted without a gap", e.getMessage());
            return new HotRestart(restart.baseId(), null, null);
        }
    }

    private static ChildDoor doorOf(ServerOptions.RestartOptions restart) throws RestartException {
        RestartAddress address = address(restart);
        try {
            return ChildDoor.bind(address, restart.socketMode());
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            String words =
                    "unable to bind domain socket with base_id=%d, id=%d, %s (see --base-id option)"
                            .formatted(
                                    address.baseId() * 10,
                                    address.epoch(),
                                    why.contains("Address already in use") ? "errno=98" : why);
            throw new RestartException(words, e);
        }
    }

    private static RestartAddress address(ServerOptions.RestartOptions restart) {
        return new RestartAddress(restart.socketPath(), restart.baseId(), restart.restartEpoch());
    }

    private static HotRestart after(ServerOptions.RestartOptions restart) throws RestartException {
        RestartAddress before = address(restart).before();
        ParentLink link = find(before, restart.skipOnNoParent());
        if (link == null) {
            LOG.info("no parent at {}: this process starts without one", before.text());
            return new HotRestart(restart.baseId(), doorOf(restart), null);
        }
        String greeting =
                RestartMessage.VERSION
                        + " "
                        + restart.restartEpoch()
                        + " "
                        + ProcessHandle.current().pid();
        try {
            String[] answer = link.ask(Kind.HELLO, greeting, PATIENCE).text().split(" ", -1);
            HotRestart place = new HotRestart(restart.baseId(), doorOf(restart), link);
            place.parentPid = Long.parseLong(answer[0]);
            place.parentProcess = ProcessHandle.of(place.parentPid).orElse(null);
            place.firstEpochSeconds = Long.parseLong(answer[1]);
            return place;
        } catch (IOException | NumberFormatException e) {
            throw new RestartException(
                    "the parent at " + before.text() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static @Nullable ParentLink find(RestartAddress before, boolean skip)
            throws RestartException {
        for (int attempt = 1; ; attempt++) {
            try {
                return ParentLink.connect(before);
            } catch (IOException e) {
                if (skip) {
                    return null;
                }
                if (attempt == ATTEMPTS) {
                    throw new RestartException(
                            "no parent waits at %s: %s; start the first process with --restart-epoch 0, or pass --skip-hot-restart-on-no-parent. A parent that is Envoy cannot be taken over from"
                                    .formatted(before.text(), e.getMessage()),
                            e);
                }
                LOG.error("hot restart sendmsg() connection refused, retrying");
                pause();
            }
        }
    }

    private static void pause() throws RestartException {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestartException("interrupted while looking for the parent", e);
        }
    }

    /** {@code --base-id}, or the one that was found. */
    public long baseId() {
        return baseId;
    }

    /** What {@code /hot_restart_version} and {@code /server_info} say. */
    public String version() {
        return enabled() ? CommandLine.HOT_RESTART_VERSION : "disabled";
    }

    /** Whether another process can take over from this one. */
    public boolean enabled() {
        return door != null;
    }

    /** Whether there was a process before this one when this one began. */
    public boolean isChild() {
        return parentPid != 0;
    }

    /** Whether there is a process before this one, which has not been told to end. */
    public boolean hasParent() {
        return parent != null;
    }

    /** The second of 1970 in which the first epoch began; 0: with this process. */
    public long firstEpochSeconds() {
        return firstEpochSeconds;
    }

    /** Of the next process, who is answered from now on. */
    public void open(EventLoop main, Succession succession) {
        if (door != null) {
            door.open(main, succession);
        }
    }

    /** The parent's listening sockets at an address; they belong to the caller. */
    public List<Integer> listening(Address address) {
        return sockets(Kind.LISTEN, address.toString());
    }

    /** The parent's admin interface is closed; its sockets, where it is at that address. */
    public List<Integer> admin(String address) {
        return sockets(Kind.ADMIN, address);
    }

    private List<Integer> sockets(Kind kind, String address) {
        ParentLink link = parent;
        if (link == null) {
            return List.of();
        }
        try {
            return link.askForSockets(kind, address, PATIENCE);
        } catch (IOException | RestartException | NumberFormatException e) {
            lost(kind, e);
            return List.of();
        }
    }

    /**
     * This process serves: the parent stops listening and drains. Goes on with its statistics. A
     * parent that does not hear it is ended by a signal: two would serve side by side otherwise.
     */
    public void takeOver(StatsStore store) {
        if (ask(Kind.DRAIN, PATIENCE) == null) {
            endParent();
            return;
        }
        stats = new ParentStats(store);
        mergeStats(PATIENCE);
    }

    /** Takes what the parent has counted since it was asked last. */
    public void mergeStats() {
        mergeStats(GLANCE);
    }

    private void mergeStats(Duration limit) {
        ParentStats into = stats;
        if (into == null || parent == null || !statsWanted) {
            return;
        }
        RestartMessage answer = ask(Kind.STATS, limit);
        if (answer != null) {
            into.merge(answer.text());
        }
    }

    /** Connections that the parent still serves. */
    public long parentConnections() {
        ParentStats from = stats;
        return from == null ? 0 : from.connections();
    }

    /** The parent's time is over. */
    public void terminateParent() {
        if (parentEnded || !isChild()) {
            return;
        }
        parentEnded = true;
        mergeStats(GLANCE);
        if (ask(Kind.TERMINATE, GLANCE) == null) {
            endParent();
        }
        forget();
    }

    /** SIGTERM, which a process takes by a thread of its own where its main loop stands still. */
    private void endParent() {
        Optional.ofNullable(parentProcess)
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(ProcessHandle::isAlive)
                .ifPresent(process -> {
                    LOG.warn("the parent (pid {}) does not hear: it gets SIGTERM", parentPid);
                    if (!process.destroy()) {
                        LOG.warn("SIGTERM does not reach the parent (pid {})", parentPid);
                    }
                });
    }

    private @Nullable RestartMessage ask(Kind kind, Duration limit) {
        ParentLink link = parent;
        if (link == null) {
            return null;
        }
        try {
            return link.ask(kind, "", limit);
        } catch (IOException | RestartException e) {
            lost(kind, e);
            return null;
        }
    }

    private void lost(Kind kind, Exception why) {
        LOG.warn(
                "the parent (pid {}) is given up, this process goes on alone: {} ({})",
                parentPid,
                why.getMessage(),
                kind);
        forget();
    }

    private void forget() {
        ParentLink link = parent;
        parent = null;
        if (stats != null) {
            stats.end();
        }
        close(link);
    }

    private static void close(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            LOG.warn("hot restart: a socket does not close", e);
        }
    }

    @Override
    public void close() {
        close(door);
        ParentLink link = parent;
        parent = null;
        close(link);
    }
}
