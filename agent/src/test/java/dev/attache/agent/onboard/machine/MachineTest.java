package dev.attache.agent.onboard.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir Path root = Path.of("");

    @BeforeEach
    void someMachine() throws IOException {
        Files.createDirectories(root.resolve("etc/certs"));
        Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n10.0.0.9 other");
        Files.writeString(root.resolve("etc/certs/root-cert.pem"), "of somebody else");
        Files.setPosixFilePermissions(
                root.resolve("etc/certs/root-cert.pem"),
                PosixFilePermissions.fromString("rw-r-----"));
    }

    private Machine machine() throws IOException {
        return new Machine(root, Journal.of(root), null);
    }

    private List<String> undo() throws IOException {
        return new Undoing(root, Journal.of(root)).files();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
                String content = Files.isDirectory(each) ? "" : Files.readString(each);
                tree.put(root.relativize(each).toString(), mode + " " + content);
            }
        }
        return tree;
    }

    private void onboard(Machine machine) throws IOException {
        machine.directory("var/lib/istio/envoy", "rwxr-xr-x");
        machine.product("etc/istio");
        machine.product("etc/istio/XDS");
        machine.sharedFile("etc/certs/root-cert.pem", bytes("ours"), "rw-r--r--");
        machine.file("var/lib/istio/envoy/cluster.env", bytes("A=1\n"), "rw-------");
        machine.hosts(List.of("10.0.0.1   istiod.istio-system.svc", "10.0.0.9 other"));
    }

    @Test
    void allOfItIsUndone() throws IOException {
        Map<String, String> before = tree();
        onboard(machine());
        assertThat(Files.readString(root.resolve("etc/hosts")))
                .endsWith("10.0.0.9 other\n10.0.0.1 istiod.istio-system.svc # attache onboard\n");
        assertThat(tree()).containsEntry("var/lib/istio/envoy/cluster.env", "rw------- A=1\n");
        Files.createDirectories(root.resolve("etc/istio"));
        Files.createFile(root.resolve("etc/istio/XDS"));
        Files.writeString(root.resolve("etc/certs/root-cert.pem"), "written by the agent since");
        assertThat(undo()).isEmpty();
        assertThat(tree()).isEqualTo(before);
        assertThat(Journal.of(root).isEmpty()).isTrue();
    }

    @Test
    void doingItAgainChangesNothing() throws IOException {
        Map<String, String> before = tree();
        onboard(machine());
        Map<String, String> once = tree();
        Machine again = machine();
        onboard(again);
        assertThat(tree()).isEqualTo(once);
        assertThat(again.file("var/lib/istio/envoy/cluster.env", bytes("A=1\n"), "rw-------"))
                .isFalse();
        assertThat(again.hosts(List.of("10.0.0.2 second"))).containsExactly("10.0.0.2 second");
        undo();
        assertThat(tree()).isEqualTo(before);
    }

    /** Nor does leaving take it, where a run before this one noted the directory. */
    @Test
    void aFileWhereADirectoryIsToBeStays() throws IOException {
        Files.createDirectories(root.resolve("var/lib"));
        Files.writeString(root.resolve("var/lib/istio"), "of somebody else");
        assertThatThrownBy(() -> machine().directory("var/lib/istio", "rwxr-xr-x"))
                .hasMessageContaining("var/lib/istio is there and is no directory: move it away");
        Journal.of(root).note(new Journal.Entry(Journal.Kind.DIRECTORY, "var/lib/istio", "", ""));
        assertThat(undo()).singleElement().asString().contains("var/lib/istio is no directory");
        assertThat(root.resolve("var/lib/istio")).hasContent("of somebody else");
    }

    @Test
    void whatSomebodyChangedStaysAndIsNamed() throws IOException {
        onboard(machine());
        Path changed = root.resolve("var/lib/istio/envoy/cluster.env");
        Files.writeString(changed, "A=2\n");
        Files.writeString(
                root.resolve("etc/hosts"),
                "10.0.0.3 new\n" + Files.readString(root.resolve("etc/hosts")));
        assertThat(undo())
                .contains(changed + " was changed after onboarding, and stays")
                .contains(changed.getParent() + " has files of others, and stays");
        assertThat(changed).hasContent("A=2\n");
        assertThat(Files.readString(root.resolve("etc/hosts")))
                .isEqualTo("10.0.0.3 new\n127.0.0.1 localhost\n10.0.0.9 other");
        assertThat(undo()).isEmpty();
    }

    @Test
    void aChangeInBetweenIsPutBackWhenOnboardedAgain() throws IOException {
        onboard(machine());
        Path changed = root.resolve("var/lib/istio/envoy/cluster.env");
        Files.writeString(changed, "A=2\n");
        onboard(machine());
        assertThat(changed).hasContent("A=1\n");
        undo();
        assertThat(changed).hasContent("A=2\n");
    }

    @Test
    void aRunThatWasCutShortIsUndone() throws IOException {
        Map<String, String> before = tree();
        Machine machine = machine();
        machine.directory("var/lib/istio/envoy", "rwxr-xr-x");
        // noted, then cut: the file never came
        Journal.of(root)
                .note(new Journal.Entry(Journal.Kind.FILE, "var/lib/istio/envoy/x", "00", ""));
        undo();
        assertThat(tree()).isEqualTo(before);
    }
}
