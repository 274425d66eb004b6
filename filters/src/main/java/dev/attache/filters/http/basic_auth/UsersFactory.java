package dev.attache.filters.http.basic_auth;

import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Apache's file of users (htpasswd), with passwords as {@code {SHA}}. Stateless. */
final class UsersFactory {
    private static final String SHA = "{SHA}";

    /** Of 20 bytes in Base64. */
    private static final int HASH_LENGTH = 28;

    private UsersFactory() {}

    /** The users, or none with the error reported. */
    static Users read(DataSource source, CompileContext context) {
        byte[] bytes = DataSources.bytes(source, context);
        Map<String, byte[]> hashes = new HashMap<>();
        if (bytes == null) {
            if (source.getSpecifierCase() == DataSource.SpecifierCase.SPECIFIER_NOT_SET) {
                context.error("Unexpected DataSource::specifier_case(): 0");
            }
        } else if (bytes.length == 0) {
            context.error("DataSource cannot be empty");
        } else {
            read(new String(bytes, StandardCharsets.ISO_8859_1), hashes, context);
        }
        return new Users(hashes);
    }

    private static void read(String octets, Map<String, byte[]> hashes, CompileContext context) {
        for (String line : octets.split("\n")) {
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0));
            String hash = line.substring(colon + 1);
            String problem = problem(colon, name, hash);
            if (!problem.isEmpty()) {
                context.error("basic auth: " + problem, remedy(colon, name));
                return;
            }
            byte[] known =
                    hashes.putIfAbsent(
                            name,
                            hash.substring(SHA.length()).getBytes(StandardCharsets.ISO_8859_1));
            if (known != null) {
                context.error("basic auth: duplicate users", remedy(colon, name));
                return;
            }
        }
    }

    private static String problem(int colon, String name, String hash) {
        if (colon < 0) {
            return "invalid htpasswd format, username:password is expected";
        }
        if (name.isEmpty() || hash.isEmpty()) {
            return "empty user name or password";
        }
        if (!hash.startsWith(SHA)) {
            return "unsupported htpasswd format: please use {SHA}";
        }
        return hash.length() == SHA.length() + HASH_LENGTH
                ? ""
                : "invalid htpasswd format, invalid SHA hash length";
    }

    /** A line without a colon may be anything, a password too: it is not shown. */
    private static String remedy(int colon, String name) {
        return colon < 0 || name.isEmpty()
                ? "a line is NAME:{SHA}HASH, as htpasswd -s writes it"
                : "it is the line of user '" + Octets.text(name) + "'";
    }
}
