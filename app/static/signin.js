document.getElementById("show").addEventListener("click", () => {
  const field = document.getElementById("password");
  field.type = field.type === "password" ? "text" : "password";
  field.focus();
});
