package dev.attache.iptables.command;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import dev.attache.iptables.capture.LinuxHost;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code intercept train}: goes through the code of an installation without changing anything, so
 * that a Java virtual machine started with {@code -XX:AOTCacheOutput} learns its classes. Needs no
 * rights and no address.
 */
final class Training {
    private static final List<String> FLAGS =
            List.of(
                    "--dry-run",
                    "-u",
                    "1337",
                    "-m",
                    "TPROXY",
                    "-i",
                    "*",
                    "-b",
                    "*",
                    "-d",
                    "15090,15021,15020",
                    "--redirect-dns",
                    "--capture-all-dns",
                    "--dual-stack");

    private Training() {}

    static int run() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        HostPrograms programs = new HostPrograms();
        for (String backend : List.of("--native-nftables=false", "--native-nftables")) {
            List<String> flags = new ArrayList<>(FLAGS);
            flags.add(backend);
            new IptablesCommand(new Pupil(), programs, nowhere, nowhere).run(flags);
        }
        new InterceptCommand(new LinuxHost(), programs, nowhere, nowhere).run(List.of("status"));
        return 0;
    }

    /** A host with one address of each family. */
    private static final class Pupil implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public List<IpAddress> addresses() {
            return List.of(
                    IpAddress.of(new byte[] {10, 0, 0, 1}),
                    IpAddress.of(new byte[] {0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        }

        @Override
        public List<String> nameServers() {
            return List.of();
        }

        @Override
        public @Nullable String userId(String name) {
            return null;
        }

        @Override
        public @Nullable String groupId(String name) {
            return null;
        }
    }
}
