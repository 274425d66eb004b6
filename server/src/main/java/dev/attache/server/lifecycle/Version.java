package dev.attache.server.lifecycle;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this build is. Control planes and tools compare the version with Envoy's, so the number is
 * that of the Envoy release whose configuration and behaviour this proxy follows.
 */
public final class Version {

    /** The Envoy release that this proxy follows. */
    public static final String ENVOY = "1.40.0";

    private static final String UNKNOWN = "0".repeat(40);
    private static final Properties BUILD = read();

    private Version() {}

    /** What the build wrote down ({@code -Dattache.revision}, {@code -Dattache.status}). */
    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in =
                Version.class.getResourceAsStream("/dev/attache/server/build.properties")) {
            if (in != null) {
                properties.load(in);
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The release of Attache itself, such as {@code 0.1.0-SNAPSHOT}. */
    public static String own() {
        return BUILD.getProperty("version", "of an unknown build");
    }

    /** What {@code --version} says: Envoy's form, which tools read, and a line for people. */
    public static String told() {
        return "%s%nAttache %s, which follows Envoy %s".formatted(fiveParts(), own(), ENVOY);
    }

    /** The commit this was built from, or 40 zeros where the build did not say. */
    public static String revision() {
        String revision = BUILD.getProperty("revision", UNKNOWN);
        return revision.matches("[0-9a-f]{40}") ? revision : UNKNOWN;
    }

    /** {@code Clean} for a build from just that commit, else {@code Modified}. */
    public static String status() {
        return BUILD.getProperty("status", "").equals("Clean") && !revision().equals(UNKNOWN)
                ? "Clean"
                : "Modified";
    }

    /** Envoy's form: commit, version, cleanness, build type, TLS library. */
    public static String fiveParts() {
        return revision() + "/" + ENVOY + "/" + status() + "/RELEASE/BoringSSL";
    }

    /** For the node that control planes see. */
    public static BuildVersion build() {
        String[] parts = ENVOY.split("\\.", -1);
        return BuildVersion.newBuilder()
                .setVersion(
                        SemanticVersion.newBuilder()
                                .setMajorNumber(Integer.parseInt(parts[0]))
                                .setMinorNumber(Integer.parseInt(parts[1]))
                                .setPatch(Integer.parseInt(parts[2])))
                .setMetadata(
                        Struct.newBuilder()
                                .putFields("build.type", text("RELEASE"))
                                .putFields("build.label", text("attache"))
                                .putFields("revision.sha", text(revision()))
                                .putFields("revision.status", text(status()))
                                .putFields("ssl.version", text("BoringSSL")))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
