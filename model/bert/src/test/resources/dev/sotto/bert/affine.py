# y = W x + by, the shift in a module of its own.
class Shift(Module):
  __parameters__ = ["by", ]
  __buffers__ = []
  training : bool
  by : Tensor
  cache : Optional[Tensor]
  def forward(self: __torch__.Shift,
    x: Tensor) -> Tensor:
    return x + self.by
class Affine(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  shift : __torch__.Shift
  def forward(self: __torch__.Affine,
    x: Tensor) -> Tensor:
    y = torch.matmul(torch.to(self.weight, 6), x)
    return torch.to((self.shift).forward(y, ), 6)
  def remember(self: __torch__.Affine,
    x: Tensor) -> Tensor:
    self.shift.cache = torch.clone(x)
    return x
  def recall(self: __torch__.Affine) -> Tensor:
    return unchecked_cast(Tensor, self.shift.cache)
