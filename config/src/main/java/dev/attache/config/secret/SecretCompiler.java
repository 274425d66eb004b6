package dev.attache.config.secret;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.core.DataSources;
import dev.attache.config.core.FileNames;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns secrets and references to secrets into {@link SecretRef}s. */
public final class SecretCompiler {
    /** Type URL of the SDS resource. */
    public static final String TYPE_URL =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    /**
     * One kind of secret: how to find its message in a Secret, and how to compile that.
     *
     * @param subscriber what Envoy calls whoever asks for such a secret
     * @param defaults what a delivered message is merged over
     * @param extract the message, or empty if the secret is of another kind
     */
    public record Kind<M extends Message, T extends TlsSecret>(
            String subscriber, M defaults, Function<Secret, Optional<M>> extract, Step<M, T> step) {

        /**
         * Equal where the same secret compiles to the same. Of bytes: the hash code of a message
         * builds descriptors.
         */
        Object identity() {
            return List.of(subscriber, defaults.toByteString());
        }
    }

    /** Compiles a message of a secret; null with the errors reported. */
    @FunctionalInterface
    public interface Step<M extends Message, T extends TlsSecret> {
        @Nullable T compile(M message, CompileContext context);
    }

    /** Session ticket keys. */
    public static final Kind<TlsSessionTicketKeys, TlsSecret.TicketKeys> TICKET_KEYS =
            new Kind<>(
                    "TlsSessionTicketKeysSdsApi",
                    TlsSessionTicketKeys.getDefaultInstance(),
                    s ->
                            s.hasSessionTicketKeys()
                                    ? Optional.of(s.getSessionTicketKeys())
                                    : Optional.empty(),
                    SecretCompiler::ticketKeys);

    /** Bytes for filters. */
    public static final Kind<GenericSecret, TlsSecret.Generic> GENERIC =
            new Kind<>(
                    "GenericSecretSdsApi",
                    GenericSecret.getDefaultInstance(),
                    s ->
                            s.hasGenericSecret()
                                    ? Optional.of(s.getGenericSecret())
                                    : Optional.empty(),
                    SecretCompiler::generic);

    private SecretCompiler() {}

    /** The secret that an {@code SdsSecretConfig} names: a static one, or one that SDS delivers. */
    public static <M extends Message, T extends TlsSecret> @Nullable SecretRef<T> reference(
            SdsSecretConfig config, Kind<M, T> kind, CompileContext context) {
        SecretSources sources = context.settings().secrets();
        if (!config.hasSdsConfig()) {
            Secret secret = sources.named(config.getName());
            Optional<M> message = secret == null ? Optional.empty() : kind.extract().apply(secret);
            if (message.isEmpty()) {
                context.error("Unknown static secret: " + config.getName());
                return null;
            }
            T compiled = kind.step().compile(message.get(), context);
            return compiled == null ? null : SecretRef.of(compiled).called(config.getName());
        }
        context.requireNode(kind.subscriber());
        context.at("sds_config").existing(config.getSdsConfig());
        context.attachments()
                .dependsOn(
                        new ResourceDependency(TYPE_URL, config.getName(), config.getSdsConfig()));
        CompileSettings settings = context.settings();
        return sources.subscribe(
                config.getName(),
                config.getSdsConfig(),
                kind.identity(),
                secret -> compileResource(secret, kind, settings));
    }

    /** A reference to inline material, reloaded when one of the directories changes. */
    public static <M extends Message, T extends TlsSecret> @Nullable SecretRef<T> inline(
            M message, Kind<M, T> kind, List<WatchedDirectory> watched, CompileContext context) {
        T first = kind.step().compile(message, context);
        if (first == null) {
            return null;
        }
        List<Path> directories = new ArrayList<>();
        for (WatchedDirectory directory : watched) {
            Path path = FileNames.path(directory.getPath(), context.at("watched_directory"));
            if (path == null) {
                return null;
            }
            directories.add(path);
        }
        if (directories.isEmpty()) {
            return SecretRef.of(first).called(statName(message));
        }
        CompileSettings settings = context.settings();
        String resource = context.diagnostics().resource();
        return context.settings()
                .secrets()
                .watch(first, directories, () -> compileAgain(message, kind, settings, resource))
                .called(statName(message));
    }

    /** Envoy names a certificate without a name by its inline bytes, also where it has none. */
    private static String statName(Message message) {
        return switch (message) {
            case TlsCertificate own ->
                    "unnamed_cert_" + digest(own.getCertificateChain().getInlineBytes());
            case CertificateValidationContext trusted ->
                    "unnamed_ca_cert_" + digest(trusted.getTrustedCa().getInlineBytes());
            default -> "";
        };
    }

    private static String digest(ByteString bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static <M extends Message, T extends TlsSecret> Compiled<T> compileAgain(
            M message, Kind<M, T> kind, CompileSettings settings, String resource) {
        Diagnostics diagnostics = new Diagnostics(resource);
        T compiled = kind.step().compile(message, CompileContext.root(settings, diagnostics));
        return diagnostics.result(compiled);
    }

    /** An SDS resource that must be of the given kind. */
    public static <M extends Message, T extends TlsSecret> Compiled<T> compileResource(
            Secret secret, Kind<M, T> kind, CompileSettings settings) {
        Diagnostics diagnostics = new Diagnostics("secret '" + secret.getName() + "'");
        CompileContext context = CompileContext.root(settings, diagnostics);
        context.check(secret);
        Optional<M> message = kind.extract().apply(secret);
        if (message.isEmpty()) {
            diagnostics.error("", "Unexpected SDS secret type: " + secret.getTypeCase());
        }
        if (diagnostics.hasErrors() || message.isEmpty()) {
            return diagnostics.result(null);
        }
        return diagnostics.result(kind.step().compile(message.get(), context));
    }

    private static TlsSecret.@Nullable TicketKeys ticketKeys(
            TlsSessionTicketKeys message, CompileContext context) {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < message.getKeysCount(); i++) {
            CompileContext at = context.at("keys", i);
            byte[] key = DataSources.bytes(message.getKeys(i), at);
            if (key == null) {
                return null;
            }
            if (key.length != TlsSecret.TicketKeys.KEY_BYTES) {
                at.error(
                        "Incorrect TLS session ticket key length. Length %d, expected length %d."
                                .formatted(key.length, TlsSecret.TicketKeys.KEY_BYTES));
                return null;
            }
            keys.add(key);
        }
        return new TlsSecret.TicketKeys(keys);
    }

    private static TlsSecret.@Nullable Generic generic(
            GenericSecret message, CompileContext context) {
        Map<String, byte[]> named = new HashMap<>();
        for (Map.Entry<String, DataSource> each : message.getSecretsMap().entrySet()) {
            byte[] bytes = DataSources.bytes(each.getValue(), context.at("secrets", each.getKey()));
            if (bytes == null) {
                return null;
            }
            named.put(each.getKey(), bytes);
        }
        if (!named.isEmpty() && !message.hasSecret()) {
            return new TlsSecret.Generic(new byte[0], named);
        }
        byte[] bytes = DataSources.bytes(message.getSecret(), context.at("secret"));
        return bytes == null ? null : new TlsSecret.Generic(bytes, named);
    }
}
