package dev.attache.packaging.product;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DataProducer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarConstants;

/** Writes a DEB by jdeb. Stateless. Source: deb(5), Debian Policy chapters 5 to 7. */
final class DebPackage {
    private static final List<String> SCRIPTS = List.of("postinst", "prerm", "postrm");

    private DebPackage() {}

    static void write(Product product, Path out) throws IOException {
        Path control = Files.createTempDirectory("attache-control");
        String architecture = product.arm() ? "arm64" : "amd64";
        Path file =
                out.resolve(
                        "%s_%s_%s.deb".formatted(Product.NAME, product.version(), architecture));
        Path loose = Files.createTempFile("attache", ".deb");
        try {
            fill(control, product, architecture);
            DataProducer data = consumer -> produce(product, consumer);
            DebMaker maker = new DebMaker(new Quiet(), List.of(data), List.of());
            maker.setDeb(loose.toFile());
            maker.setControl(control.toFile());
            maker.setCompression("none");
            maker.setEncoding("UTF-8");
            maker.setTarLongFileMode("gnu");
            maker.setTarBigNumberMode("gnu");
            maker.setChangesEnabled(false);
            maker.setOutputTimestampMs(product.date().toEpochMilli());
            // Nothing of the scripts is a variable of the build.
            maker.setOpenReplaceToken("@@{");
            maker.setCloseReplaceToken("}@@");
            maker.makeDeb();
            DebCompression.compress(loose, file);
        } catch (PackagingException e) {
            throw new IOException("jdeb cannot write " + file, e);
        } finally {
            Files.delete(loose);
            for (File made : control.toFile().listFiles()) {
                Files.delete(made.toPath());
            }
            Files.delete(control);
        }
    }

    private static void fill(Path control, Product product, String architecture)
            throws IOException {
        for (String script : SCRIPTS) {
            Files.writeString(control.resolve(script), product.scripts().read("deb/" + script));
        }
        Files.writeString(
                control.resolve("conffiles"),
                product.content().stream()
                        .filter(Content::isConfiguration)
                        .map(content -> content.path() + "\n")
                        .collect(Collectors.joining()));
        Files.writeString(
                control.resolve("control"),
                """
                Package: %s
                Version: %s
                Architecture: %s
                Maintainer: %s
                Section: net
                Priority: optional
                Depends: libc6 (>= %s), libstdc++6, passwd, zlib1g
                Recommends: iptables | nftables, iproute2, logrotate
                Conflicts: istio-sidecar
                %sDescription: %s
                """
                                .formatted(
                                        Product.NAME,
                                        product.version(),
                                        architecture,
                                        product.publisher().maintainer(),
                                        NativeNeeds.glibc(product.content()),
                                        homepage(product.publisher().home()),
                                        Product.SUMMARY)
                        + indented(product.description()));
    }

    private static String homepage(String home) {
        return home.isEmpty() ? "" : "Homepage: " + home + "\n";
    }

    /** A description's lines begin with a blank, empty ones are a full stop. */
    private static String indented(String text) {
        return text.lines()
                .map(line -> line.isEmpty() ? " .\n" : " " + line + "\n")
                .collect(Collectors.joining());
    }

    private static void produce(Product product, DataConsumer consumer) throws IOException {
        for (Content content : product.content()) {
            String name = "." + content.path();
            if (content.isDirectory()) {
                consumer.onEachDir(entry(new TarArchiveEntry(name + "/", true), content));
            } else if (content.isLink()) {
                TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                link.setLinkName(content.target());
                consumer.onEachLink(entry(link, content));
            } else {
                TarArchiveEntry file = entry(new TarArchiveEntry(name, true), content);
                file.setSize(Files.size(content.source()));
                try (InputStream in = Files.newInputStream(content.source())) {
                    consumer.onEachFile(in, file);
                }
            }
        }
    }

    private static TarArchiveEntry entry(TarArchiveEntry entry, Content content) {
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setMode(content.isLink() ? 0777 : content.mode());
        return entry;
    }

    /** Where jdeb says what it does. */
    private static final class Quiet implements Console {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {
            System.err.println("jdeb: " + message);
        }
    }
}
