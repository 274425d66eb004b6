package dev.attache.packaging.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The program: {@code TreeMaker CLONE TREE PLATFORM TIME VERSION [JMODS]}.
 *
 * <p>CLONE is the repository, built; TREE is emptied and becomes the tree, with {@code
 * usr/lib/attache} and {@code usr/share/doc/attache} in it; PLATFORM is {@code x86_64} or {@code
 * aarch64}, for which no AOT caches are made on another; TIME, in seconds or as ISO 8601 has it, is
 * what all files are dated; JMODS holds the modules of a JDK for that platform where it is not this
 * one's. The system property {@code packages.maintainer} says whom the list of changes names.
 */
public final class TreeMaker {
    private static final String AGENT_UNIT =
            "agent/src/main/resources/dev/attache/agent/onboard/attache-agent.service";

    /** Netty's: epoll and BoringSSL. */
    private static final int NATIVES = 2;

    private final Path folder;
    private final Path home;
    private final Path documents;
    private final Platform platform;
    private final Instant time;

    private TreeMaker(Path folder, Path tree, Platform platform, Instant time) {
        this.folder = folder;
        this.home = tree.resolve("usr/lib/attache");
        this.documents = tree.resolve("usr/share/doc/attache");
        this.platform = platform;
        this.time = time;
    }

    /**
     * Makes the tree.
     *
     * @throws IOException if something cannot be read or written, or a module cannot be linked
     */
    public static void main(String[] arguments) throws IOException {
        Path clone = Path.of(arguments[0]);
        Path tree = Path.of(arguments[1]);
        Instant time = time(arguments[3]);
        FileTrees.delete(tree);
        TreeMaker maker =
                new TreeMaker(
                        clone.resolve("packaging/target/attache"),
                        tree,
                        Platform.named(arguments[2]),
                        time);
        maker.jars();
        maker.natives();
        // Where bash is known, as packages want it.
        Files.writeString(
                maker.home.resolve("attache"),
                Files.readString(clone.resolve("attache"))
                        .replaceFirst("^#!/usr/bin/env bash\n", "#!/bin/bash\n"));
        Path modules = arguments.length > 5 ? Path.of(arguments[5]) : null;
        LinkedRuntime.link(maker.home.resolve("runtime"), modules);
        Path sources = clone.resolve("packaging/src/main");
        Notices.collect(sources.resolve("doc"), folderJars(maker.folder), maker.documents);
        String version = arguments[4].replace("-SNAPSHOT", "~snapshot");
        String maintainer = System.getProperty("packages.maintainer", "");
        new Overlay(sources, tree, version, maintainer, time).apply(clone.resolve(AGENT_UNIT));
        dashboards(clone.resolve("packaging/dashboards"), maker.documents.resolve("dashboards"));
        maker.names(tree);
        Files.writeString(maker.home.resolve("build"), FileTrees.digest(maker.home) + "\n");
        FileTrees.date(tree, time);
        if (maker.platform.isHere()) {
            Training.train(maker.home);
            FileTrees.date(tree, time);
        }
    }

    /** For Grafana and Prometheus, without the tests of the alerts. */
    private static void dashboards(Path folder, Path documents) throws IOException {
        Files.createDirectories(documents);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> !path.toString().contains("-test.")).toList()) {
                Files.copy(file, documents.resolve(file.getFileName()));
            }
        }
    }

    private static Instant time(String text) {
        return text.chars().allMatch(Character::isDigit)
                ? Instant.ofEpochSecond(Long.parseLong(text))
                : Instant.parse(text);
    }

    /** The jars of all class paths, in the launcher's order as far as it matters. */
    private static List<Path> folderJars(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String path : new String[] {"lib", "lib/agent", "lib/console"}) {
            if (Files.isDirectory(folder.resolve(path))) {
                try (Stream<Path> files = Files.list(folder.resolve(path))) {
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .forEach(jars::add);
                }
            }
        }
        jars.removeIf(jar -> LeftOut.jar(jar.getFileName().toString()));
        return jars;
    }

    private void jars() throws IOException {
        List<JarContent> contents = new ArrayList<>();
        for (Path jar : folderJars(folder)) {
            contents.add(JarContent.read(jar, folder.relativize(jar), platform));
        }
        Set<String> reached = new ReachableClasses(contents).fromOwnClasses();
        for (JarContent jar : contents) {
            Map<String, byte[]> kept = jar.kept(reached);
            if (!kept.isEmpty()) {
                StoredJar.write(home.resolve(jar.path()), kept, time);
            }
        }
        Path interception = Files.createDirectories(home.resolve("interception"));
        try (Stream<Path> own = Files.list(home.resolve("lib"))) {
            for (Path jar : own.filter(TreeMaker::isInterception).toList()) {
                Files.copy(jar, interception.resolve(jar.getFileName()));
            }
        }
    }

    private static boolean isInterception(Path jar) {
        return jar.getFileName().toString().startsWith("attache-iptables-");
    }

    private void natives() throws IOException {
        Path natives = Files.createDirectories(home.resolve("native"));
        try (Stream<Path> files = Files.list(folder.resolve("native"))) {
            List<Path> ours = files.filter(this::isNative).toList();
            if (ours.size() != NATIVES) {
                throw new IOException("not Netty's epoll and TLS for " + platform + ": " + ours);
            }
            for (Path file : ours) {
                Files.copy(file, natives.resolve(file.getFileName()));
            }
        }
    }

    private boolean isNative(Path file) {
        return file.getFileName().toString().endsWith(platform.nettySuffix() + ".so");
    }

    /** What people call. */
    private void names(Path tree) throws IOException {
        Path launcher = home.resolve("attache");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path commands = Files.createDirectories(tree.resolve("usr/bin"));
        for (String name : new String[] {"attache", "pilot-agent"}) {
            Files.createSymbolicLink(commands.resolve(name), commands.relativize(launcher));
        }
    }
}
