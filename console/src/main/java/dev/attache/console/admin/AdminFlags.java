package dev.attache.console.admin;

import dev.attache.console.command.FlagSpec;
import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import dev.attache.server.admin.access.ShownToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** The flags of every command that say where the admin port is and who asks. */
public final class AdminFlags {

    private static final List<AdminAddress> USUAL =
            List.of(
                    new AdminAddress.Tcp("127.0.0.1", 15_000),
                    new AdminAddress.Tcp("127.0.0.1", 9901));

    private static final List<FlagSpec> ALL =
            List.of(
                    FlagSpec.text(
                                    "admin",
                                    "ADDRESS",
                                    "HOST:PORT, PORT or unix:PATH of the proxy's admin port\n"
                                            + "(ATTACHE_ADMIN; otherwise 127.0.0.1:15000, then :9901)")
                            .letter('a'),
                    FlagSpec.text(
                            "admin-token-file",
                            "FILE",
                            "file with the token that the port demands (ATTACHE_ADMIN_TOKEN_FILE)"),
                    FlagSpec.text(
                            "admin-ca",
                            "FILE",
                            "speak TLS: authorities of the port's certificate, PEM\n"
                                    + "(ATTACHE_ADMIN_CA)"),
                    FlagSpec.text(
                            "admin-cert",
                            "FILE",
                            "our certificate, where the port demands one, PEM (ATTACHE_ADMIN_CERT)"),
                    FlagSpec.text("admin-key", "FILE", "its key, PEM (ATTACHE_ADMIN_KEY)"),
                    FlagSpec.text(
                            "admin-server-name",
                            "NAME",
                            "name that the port's certificate bears, if not that of --admin\n"
                                    + "(ATTACHE_ADMIN_SERVER_NAME)"),
                    FlagSpec.text("timeout", "SECONDS", "for one answer (5)"));

    private AdminFlags() {}

    /** The flags of a command with these behind them. */
    public static List<FlagSpec> with(FlagSpec... own) {
        List<FlagSpec> flags = new ArrayList<>(List.of(own));
        flags.addAll(ALL);
        return flags;
    }

    /**
     * A client as the command line and the environment say.
     *
     * @throws UsageException where they do not make sense, or a file that they name cannot be read
     */
    public static AdminClient client(Flags flags, Invocation invocation) throws UsageException {
        String address = value("admin", flags, invocation);
        List<AdminAddress> addresses =
                address == null ? USUAL : List.of(AdminAddress.parse(address));
        String ca = value("admin-ca", flags, invocation);
        String certificate = value("admin-cert", flags, invocation);
        String key = value("admin-key", flags, invocation);
        String name = value("admin-server-name", flags, invocation);
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--admin-cert and --admin-key go together");
        }
        if (ca == null && (certificate != null || name != null)) {
            throw new UsageException(
                    "TLS needs --admin-ca, the authorities of the port's certificate");
        }
        SSLSocketFactory tls =
                ca == null ? null : ClientTrust.of(ca, certificate, key).getSocketFactory();
        if (tls != null && addresses.getFirst() instanceof AdminAddress.Unix) {
            throw new UsageException("over unix: no TLS is spoken here; leave --admin-ca out");
        }
        return new AdminClient(
                addresses,
                token(flags, value("admin-token-file", flags, invocation), address != null),
                tls,
                name,
                flags.seconds("timeout", Duration.ofSeconds(5)));
    }

    private static @Nullable String value(String name, Flags flags, Invocation invocation) {
        String given = flags.get(name);
        String variable = "ATTACHE_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        String value = given == null ? invocation.environment().get(variable) : given;
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * Null where none is shown: it is for the port that was named, and nobody knows who listens at
     * one of the usual addresses.
     */
    private static @Nullable String token(Flags flags, @Nullable String file, boolean named)
            throws UsageException {
        if (!named && flags.has("admin-token-file")) {
            throw new UsageException(
                    "--admin-token-file needs --admin: the token is shown to nobody else");
        }
        if (!named || file == null) {
            return null;
        }
        try {
            return ShownToken.of(Path.of(file));
        } catch (IOException e) {
            throw new UsageException("--admin-token-file " + e.getMessage(), e);
        }
    }
}
