package dev.attache.server;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.worker.LostThread;
import dev.attache.server.admin.AdminPage;
import dev.attache.server.admin.AdminServer;
import dev.attache.server.admin.AdminSubject;
import dev.attache.server.assembly.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin interface of a server, if its bootstrap has one. Any thread. */
final class AdminPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private volatile @Nullable AdminServer serving;

    /**
     * Binds it and writes its address to the file that {@code --admin-address-path} names.
     *
     * @param settings the bootstrap's, or null where it has no admin interface
     * @param inherited as {@link AdminServer#start} takes them
     * @param lost told when its thread ends by itself
     */
    void start(
            AdminSubject server,
            @Nullable AdminSettings settings,
            TypeRegistry types,
            List<Integer> inherited,
            LostThread lost)
            throws StartupException {
        try {
            AdminServer started = AdminServer.start(server, settings, types, inherited, lost);
            serving = started;
            if (started.metricsAddress() != null) {
                LOG.info("metrics address: {}", started.metricsAddress());
            }
            Address bound = started.address();
            if (bound == null) {
                return;
            }
            LOG.info("admin address: {}", bound);
            String file = server.options().adminAddressPath();
            if (!file.isEmpty()) {
                Files.writeString(Path.of(file), bound.toString());
            }
        } catch (IOException e) {
            throw new StartupException("admin: " + e.getMessage(), e);
        } catch (PatternSyntaxException e) {
            throw new StartupException(
                    "stats_config.stats_tags: invalid regex '"
                            + e.getPattern()
                            + "': "
                            + e.getDescription(),
                    e);
        }
    }

    /** As bound, or null where there is none. */
    @Nullable Address address() {
        AdminServer started = serving;
        return started == null ? null : started.address();
    }

    /** Of the metrics port, as bound, or null where there is none. */
    @Nullable Address metricsAddress() {
        AdminServer started = serving;
        return started == null ? null : started.metricsAddress();
    }

    /** As {@link AdminServer#handOver}. */
    List<Integer> handOver(String address) {
        AdminServer started = serving;
        return started == null ? List.of() : started.handOver(address);
    }

    /** As {@link AdminServer#resume}. */
    void resume() {
        AdminServer started = serving;
        if (started != null) {
            started.resume();
        }
    }

    /** As {@link AdminServer#stopListening}. */
    void stopListening() {
        AdminServer started = serving;
        if (started != null) {
            started.stopListening();
        }
    }

    /** As {@link AdminServer#ask}. */
    AdminPage ask(String method, String target, Duration limit) throws IOException {
        AdminServer started = serving;
        if (started == null || started.address() == null) {
            throw new IOException("the bootstrap has no admin interface");
        }
        return started.ask(method, target, limit);
    }

    @Override
    public void close() {
        AdminServer started = serving;
        if (started != null) {
            started.close();
        }
    }
}
