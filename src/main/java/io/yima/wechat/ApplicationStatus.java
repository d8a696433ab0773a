package io.yima.wechat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A code application as WeChat sees it [M2]. Only the status {@code FINISH} is documented; any
 * other, and none, means "not ready". Texts are WeChat's own, at most 1,000 characters.
 */
public record ApplicationStatus(
    @Nullable String status,
    @Nullable Long applicationId,
    @Nullable String isvApplicationId,
    List<CodeRange> codeGenerateList,
    @Nullable String createTime,
    @Nullable String updateTime) {

  public ApplicationStatus {
    codeGenerateList = List.copyOf(codeGenerateList);
  }

  /** An inclusive range of code indexes. */
  public record CodeRange(long codeStart, long codeEnd) {

    public CodeRange {
      if (codeStart < 0 || codeEnd < codeStart) {
        throw new IllegalArgumentException("not a range: " + codeStart + " to " + codeEnd);
      }
    }
  }
}
