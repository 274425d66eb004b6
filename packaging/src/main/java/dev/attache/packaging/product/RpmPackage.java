package dev.attache.packaging.product;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import org.eclipse.packager.rpm.FileFlags;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.BuilderOptions;
import org.eclipse.packager.rpm.build.FileInformation;
import org.eclipse.packager.rpm.build.RpmBuilder;
import org.eclipse.packager.rpm.build.RpmBuilder.PackageInformation;
import org.eclipse.packager.rpm.build.RpmFileNameProvider;
import org.eclipse.packager.rpm.coding.PayloadCoding;
import org.eclipse.packager.rpm.deps.RpmDependencyFlags;

/** Writes an RPM by Eclipse Packager. Stateless. */
final class RpmPackage {
    private static final String RELEASE = "1";
    private static final String SHELL = "/bin/sh";

    private RpmPackage() {}

    static void write(Product product, Path out) throws IOException {
        BuilderOptions options = new BuilderOptions();
        options.setPayloadCoding(PayloadCoding.ZSTD);
        options.setPayloadFlags("9");
        options.setFileNameProvider(RpmFileNameProvider.DEFAULT_FILENAME_PROVIDER);
        RpmVersion version = new RpmVersion(null, product.version(), RELEASE);
        String architecture = product.arm() ? "aarch64" : "x86_64";
        try (RpmBuilder rpm = new RpmBuilder(Product.NAME, version, architecture, out, options)) {
            describe(rpm, product);
            requirements(rpm, NativeNeeds.glibc(product.content()));
            scripts(rpm, product.scripts());
            for (Content content : product.content()) {
                if (!content.isShared()) {
                    add(rpm.newContext(), content, product);
                }
            }
            rpm.setHeaderCustomizer(header ->
                    header.putInt(RpmTag.BUILDTIME, (int) product.date().getEpochSecond()));
            rpm.build();
        }
    }

    private static void describe(RpmBuilder rpm, Product product) throws IOException {
        PackageInformation information = rpm.getInformation();
        information.setSummary(Product.SUMMARY);
        information.setDescription(product.description().strip());
        information.setLicense("Apache-2.0");
        if (!product.publisher().home().isEmpty()) {
            information.setUrl(product.publisher().home());
        }
        information.setPackager(product.publisher().maintainer());
        information.setVendor(product.publisher().name());
        information.setGroup("System Environment/Daemons");
        information.setBuildHost("localhost");
        information.setSourcePackage(
                "%s-%s-%s.src.rpm".formatted(Product.NAME, product.version(), RELEASE));
    }

    private static void requirements(RpmBuilder rpm, String glibc) {
        for (String needed : new String[] {"/bin/bash", "coreutils", "libstdc++"}) {
            rpm.addRequirement(needed, "");
        }
        rpm.addRequirement("glibc", glibc, RpmDependencyFlags.GREATER, RpmDependencyFlags.EQUAL);
        rpm.addRequirement(
                "shadow-utils",
                "",
                RpmDependencyFlags.SCRIPT_PRE,
                RpmDependencyFlags.SCRIPT_POSTUN);
        for (String useful : new String[] {"iptables", "iproute", "logrotate"}) {
            rpm.addRecommends(useful, "");
        }
        rpm.addConflicts("istio-sidecar", "");
    }

    private static void scripts(RpmBuilder rpm, Scripts scripts) throws IOException {
        rpm.setPreInstallationScript(SHELL, scripts.read("rpm/pre"));
        rpm.setPostInstallationScript(SHELL, scripts.read("rpm/post"));
        rpm.setPreRemoveScript(SHELL, scripts.read("rpm/preun"));
        rpm.setPostRemoveScript(SHELL, scripts.read("rpm/postun"));
    }

    private static void add(BuilderContext context, Content content, Product product)
            throws IOException {
        FileInformation information = new FileInformation();
        information.setTimestamp(product.date());
        information.setMode((short) content.mode());
        EnumSet<FileFlags> flags = EnumSet.noneOf(FileFlags.class);
        if (content.isConfiguration()) {
            flags.add(FileFlags.CONFIGURATION);
            flags.add(FileFlags.NOREPLACE);
        }
        if (content.isDocument() && !content.isDirectory()) {
            flags.add(FileFlags.DOC);
        }
        information.setFileFlags(flags);
        if (content.isDirectory()) {
            context.addDirectory(content.path(), (name, object, type) -> information);
        } else if (content.isLink()) {
            information.setMode((short) 0777);
            context.addSymbolicLink(
                    content.path(), content.target(), (name, object, type) -> information);
        } else {
            context.addFile(content.path(), content.source(), (name, object, type) -> information);
        }
    }
}
