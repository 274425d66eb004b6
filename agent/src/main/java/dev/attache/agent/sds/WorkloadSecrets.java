package dev.attache.agent.sds;

import dev.attache.agent.control.SystemRoots;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.identity.Identity;
import dev.attache.agent.identity.TrustBundle;
import dev.attache.agent.identity.WorkloadIdentity;
import dev.attache.agent.identity.file.FileWatch;
import dev.attache.agent.identity.file.KeyPairFiles;
import dev.attache.agent.identity.file.RootFile;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.pem.Certificates;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that Istio's agent knows: {@code default} and {@code ROOTCA} of the workload, and
 * those in files, by names that name the files. Any thread.
 */
final class WorkloadSecrets implements SecretSource {

    private static final String OWN = "default";
    private static final String ROOTS = "ROOTCA";
    private static final String SYSTEM = "file-root:system";
    private static final String FILE_CERTIFICATE = "file-cert:";
    private static final String FILE_ROOT = "file-root:";

    private final @Nullable WorkloadIdentity identity;
    private final TrustBundle trust;
    private final AgentFiles files;
    private final FileWatch watch;
    private final SecretMessages messages;
    private final AgentMetrics metrics;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final Map<String, Secret> lastGood = new ConcurrentHashMap<>();

    /**
     * @param identity null where another process serves it: only files are known then
     */
    WorkloadSecrets(
            @Nullable WorkloadIdentity identity,
            TrustBundle trust,
            AgentFiles files,
            FileWatch watch,
            SecretMessages messages,
            AgentMetrics metrics) {
        this.identity = identity;
        this.trust = trust;
        this.files = files;
        this.watch = watch;
        this.messages = messages;
        this.metrics = metrics;
        trust.listen(() -> changed(ROOTS));
        if (identity != null) {
            identity.listen(ignored -> changed(OWN));
        }
    }

    @Override
    public void listen(Consumer<String> changed) {
        listeners.add(changed);
    }

    private void changed(String name) {
        listeners.forEach(listener -> listener.accept(name));
    }

    @Override
    public @Nullable Secret secret(String name) throws IOException {
        if (name.equals(OWN) || name.equals(ROOTS)) {
            return workload(name);
        }
        if (name.equals(SYSTEM)) {
            Path system = SystemRoots.find();
            if (system == null) {
                throw new IOException("this system keeps no roots where they are known");
            }
            return fromFiles(name, List.of(system), () -> roots(name, system));
        }
        if (name.startsWith(FILE_ROOT)) {
            Path file = files.at(name.substring(FILE_ROOT.length()));
            return fromFiles(name, List.of(file), () -> roots(name, file));
        }
        String[] parts = name.startsWith(FILE_CERTIFICATE) ? pair(name) : new String[0];
        if (parts.length != 2) {
            throw new IOException(
                    "no such secret: default, ROOTCA, file-cert:CHAIN~KEY, file-root:FILE and"
                            + " file-root:system are known");
        }
        KeyPairFiles pair = new KeyPairFiles(files.at(parts[0]), files.at(parts[1]));
        return fromFiles(
                name,
                List.of(pair.chain(), pair.key()),
                () -> {
                    KeyPairFiles.Content content = pair.read();
                    return SecretMessages.certificate(name, content.chain(), content.key());
                });
    }

    private static String[] pair(String name) {
        return name.substring(FILE_CERTIFICATE.length()).split("~", -1);
    }

    private @Nullable Secret workload(String name) throws IOException {
        if (identity == null) {
            throw new IOException("it is served by another process, not by this agent");
        }
        if (name.equals(ROOTS)) {
            return trust.known() ? messages.roots(name, trust.text()) : null;
        }
        Identity known = identity.current();
        return known == null
                ? null
                : SecretMessages.certificate(name, known.chainText(), known.key());
    }

    private Secret roots(String name, Path file) throws IOException {
        return messages.roots(name, Certificates.join(new RootFile(file).read()));
    }

    /** Reading one that is whole. */
    private interface Reading {
        Secret read() throws IOException;
    }

    /** What was good stays where the files are half written: the next change is looked at again. */
    private Secret fromFiles(String name, List<Path> paths, Reading reading) throws IOException {
        if (watched.add(name)) {
            paths.forEach(path -> watch.watch(path, () -> changed(name)));
        }
        try {
            Secret secret = reading.read();
            lastGood.put(name, secret);
            return secret;
        } catch (IOException e) {
            metrics.counter(
                            "num_file_secret_failures_total",
                            "Number of times secret generation failed for files")
                    .add(1);
            Secret kept = lastGood.get(name);
            if (kept == null) {
                throw new IOException(e.toString(), e);
            }
            FailedFiles.say(name, e);
            return kept;
        }
    }
}
