package dev.attache.packaging.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The runtime: what jdeps finds for our own classes (base, logging, management, naming, the HTTP
 * client and server, {@code jdk.unsupported}), and for filters of authors and for operators: SQL
 * with XML, JFR, and jcmd.
 */
final class LinkedRuntime {
    private static final String MODULES =
            "java.base,java.logging,java.management,java.naming,java.net.http,java.sql,"
                    + "jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.unsupported";

    private LinkedRuntime() {}

    /**
     * Links it.
     *
     * @param modules a folder of another JDK's {@code jmods}; null for the JDK that runs this
     */
    static void link(Path runtime, @Nullable Path modules) throws IOException {
        List<String> arguments = new ArrayList<>();
        if (modules == null) {
            arguments.add("--strip-debug");
        } else {
            // Not of native code: objcopy knows its own machine's only.
            arguments.addAll(List.of("--module-path", modules.toString()));
            arguments.add("--strip-java-debug-attributes");
        }
        arguments.addAll(List.of("--add-modules", MODULES, "--no-header-files"));
        arguments.addAll(List.of("--no-man-pages", "--output", runtime.toString()));
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IOException("this JDK has no jlink"));
        int code = jlink.run(System.out, System.err, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IOException("jlink ended with " + code);
        }
        for (String unused :
                new String[] {"lib/jrt-fs.jar", "lib/jexec", "lib/classlist", "bin/keytool"}) {
            Files.deleteIfExists(runtime.resolve(unused));
        }
    }
}
