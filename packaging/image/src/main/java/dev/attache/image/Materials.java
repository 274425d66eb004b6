package dev.attache.image;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The list of what is in the image: Maven's, in the form of CycloneDX 1.6, with the Java runtime
 * and the Debian packages added.
 */
final class Materials {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Materials() {}

    /**
     * Writes the list of all.
     *
     * @param maven of the jars, by the CycloneDX plugin
     * @param runtime the Java runtime, with its file {@code release}
     * @param status dpkg's file of packages, which need not be there
     * @param all is replaced
     * @throws IOException when a file cannot be read or written, or is no such file
     */
    static void write(Path maven, Path runtime, Path status, Path all) throws IOException {
        JsonObject list = JsonParser.parseString(Files.readString(maven)).getAsJsonObject();
        JsonArray components = list.getAsJsonArray("components");
        if (components == null) {
            throw new IOException(maven + " has no components: it is no list of CycloneDX");
        }
        components.add(java(runtime.resolve("release")));
        if (Files.exists(status)) {
            for (Map<String, String> each : packages(Files.readString(status))) {
                components.add(debian(each));
            }
        }
        Files.writeString(all, GSON.toJson(list) + "\n");
    }

    private static JsonObject java(Path release) throws IOException {
        Properties said = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            said.load(reader);
        }
        // jlink keeps the version only; a whole JDK says who built it, too.
        String version =
                said.getProperty(
                                "JAVA_RUNTIME_VERSION", said.getProperty("JAVA_VERSION", "unknown"))
                        .replace("\"", "");
        return component("platform", "openjdk", version, "pkg:generic/openjdk@" + encoded(version));
    }

    private static JsonObject debian(Map<String, String> fields) {
        String name = fields.getOrDefault("Package", "");
        String version = fields.getOrDefault("Version", "");
        String architecture = fields.getOrDefault("Architecture", "");
        String url =
                "pkg:deb/debian/"
                        + encoded(name)
                        + "@"
                        + encoded(version)
                        + "?arch="
                        + architecture;
        return component("library", name, version, url);
    }

    private static JsonObject component(String type, String name, String version, String url) {
        JsonObject component = new JsonObject();
        component.addProperty("type", type);
        component.addProperty("bom-ref", url);
        component.addProperty("name", name);
        component.addProperty("version", version);
        component.addProperty("purl", url);
        return component;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The paragraphs of a control file, without what is told in further lines. */
    private static List<Map<String, String>> packages(String status) {
        List<Map<String, String>> packages = new ArrayList<>();
        for (String paragraph : status.strip().split("\n\n")) {
            Map<String, String> fields = new HashMap<>();
            for (String line : paragraph.split("\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0 && !line.startsWith(" ")) {
                    fields.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            packages.add(fields);
        }
        return packages;
    }
}
