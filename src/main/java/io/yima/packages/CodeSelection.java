package io.yima.packages;

import io.yima.wechat.ApplicationStatus.CodeRange;
import java.util.ArrayList;
import java.util.List;

/** A range of codes, and of which packages it is, in order. */
record CodeSelection(CodeRange range, List<Part> parts) {

  CodeSelection {
    parts = List.copyOf(parts);
  }

  /** Some codes of one package. */
  record Part(PackageState of, CodeRange codes) {}

  /**
   * The packages that the codes come from, each code from one; none when any of them is in no
   * package.
   *
   * @param packages in order of their first codes
   */
  static List<Part> parts(List<PackageState> packages, CodeRange wanted) {
    List<Part> parts = new ArrayList<>();
    long next = wanted.codeStart();
    for (PackageState candidate : packages) {
      if (candidate.range().codeStart() > next) {
        return List.of();
      }
      long end = Math.min(candidate.range().codeEnd(), wanted.codeEnd());
      if (end >= next) {
        parts.add(new Part(candidate, new CodeRange(next, end)));
        next = end + 1;
      }
    }
    return next > wanted.codeEnd() ? List.copyOf(parts) : List.of();
  }
}
