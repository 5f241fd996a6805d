/* 出了什么问题，怎么办。 */

const FAILURES = {
  Offline: () => ["连不上服务器。", "请检查网络，我们会自动重试。"],
  "Signed out": () => ["您已退出登录。", "请重新登录，草稿都还在。"],
  "Wrong e-mail or password": () => ["邮箱或密码不对。", "请再试一次，或请管理员给您新密码。"],
  "Wrong code": () => ["验证码不对。", "验证码每 30 秒更新，请输入现在显示的那个。"],
  Locked: ({ retryAfterSeconds }) => ["尝试次数太多。", `请等 ${Math.max(1, Math.ceil(retryAfterSeconds / 60))} 分钟再试。`],
  "Not your own page": () => ["页面已过期。", "请刷新页面。"],
  "Not allowed": () => ["您的角色不能这么做。", "请主管来处理。"],
  "Not found": () => ["已经不存在了。", "可能刚刚被删除，或已由同事接待。"],
  Taken: () => ["有同事先接手了。", "现在由谁接待，请看对话上方。"],
  Changed: () => ["对话刚刚有了变化。", "现在看到的是最新状态，需要的话请再操作一次。"],
  Refused: ({ detail }) => ["店铺规则不允许这么做。", detail],
  "Too large": () => ["太大了。", "请发小一点的文件。"],
  "Not taken": () => ["不能发送这种文件。", "照片、PDF 和常见文档都可以。"],
  "Last admin": () => ["这是最后一位管理员。", "请先指定另一位管理员。"],
};

export function zhFailures(error) {
  const [title, detail] = FAILURES[error.title]?.(error) ?? ["没有成功。", error.detail || "请稍后再试。"];
  return { title, detail };
}
